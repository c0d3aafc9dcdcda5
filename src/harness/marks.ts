/**
 * What the harness itself writes into a history, as events of the process `nemesis` with type `info` (as Jepsen does):
 *
 * - `start-<kind>` and `stop-<kind>`, each twice: when the fault is asked for, and when its proof has come;
 * - `phase`: main, liveness where it was asked for, heal, quiesce, final, converge where the workload wants it, and at last `end`. A history without the mark `end` is one of a run that was
 *   cut short, and such a run is at best inconclusive;
 * - `leader`: a primary that was not seen before; `finding`: what went wrong by itself; `note`: what the run should have
 *   reached and did not, so that it is at best inconclusive;
 * - `counters`: what the nodes have counted, summed up (counting.ts), just before the end;
 * - `peek`: what one node held, in one round of asking all of them for all keys.
 *
 * So a history says all that an analysis needs, also when the run was killed half-way.
 */
import type { HistoryEvent, Value } from 'knossos-ts';
import { z } from 'zod';
import type { Json } from '../core/json.ts';
import type { Instant } from '../core/time.ts';
import type { Fault } from '../environments/faults.ts';

export type Mark =
  | {
      readonly mark: 'begin';
      readonly id: number;
      readonly nemesis: string;
      readonly variant: string;
      readonly targets: string;
      /** Those that suffer. */
      readonly nodes: readonly string[];
      readonly fault: Fault;
    }
  | { readonly mark: 'end'; readonly id: number; readonly kind: string }
  | {
      readonly mark: 'begun' | 'ended';
      readonly id: number;
      readonly kind: string;
      readonly held: boolean;
      readonly text: string;
    }
  | {
      readonly mark: 'phase';
      readonly phase: 'main' | 'liveness' | 'heal' | 'quiesce' | 'final' | 'converge' | 'end';
      /** At the end: the run was asked to stop before its time limit. */
      readonly interrupted?: boolean | undefined;
      /** At the end, in simulation. */
      readonly trace?: { readonly events: number; readonly hash: string } | null | undefined;
    }
  | { readonly mark: 'leader'; readonly node: string; readonly term: number | null }
  | {
      readonly mark: 'finding';
      readonly kind: string;
      readonly node: string;
      readonly at: number;
      readonly text: string;
    }
  | { readonly mark: 'note'; readonly text: string }
  | { readonly mark: 'counters'; readonly counters: { readonly [name: string]: number } }
  | {
      readonly mark: 'peek';
      /** From 1. */
      readonly round: number;
      readonly node: string;
      readonly values: { readonly [key: string]: Json };
    };

export type MarkOf<M extends Mark['mark']> = Extract<Mark, { mark: M }>;

const nodeNames = z.array(z.string());
const links = z.array(z.tuple([z.string(), z.string()]));
const [number, share] = [z.number(), z.number().min(0).max(1)];
const skew = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bump'), by: number }),
  z.object({ type: z.enum(['strobe', 'rewind']), by: number, period: number }),
  z.object({ type: z.literal('drift'), rate: number }),
]);
const weather = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delay'), delay: number, jitter: number }),
  z.object({ type: z.literal('loss'), share }),
  z.object({ type: z.literal('duplicate'), share }),
  z.object({ type: z.literal('reorder'), share, within: number }),
  z.object({ type: z.literal('hold') }),
  z.object({ type: z.literal('rate'), bytesPerSecond: number }),
]);
const trouble = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['torn', 'sync-error', 'full']) }),
  z.object({ type: z.literal('slow'), sync: number }),
]);
const faultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partition'), cut: links }),
  z.object({ kind: z.enum(['kill', 'pause']), nodes: nodeNames }),
  z.object({ kind: z.literal('clock'), nodes: nodeNames, skew }),
  z.object({ kind: z.literal('packets'), links, weather }),
  z.object({ kind: z.literal('disk'), nodes: nodeNames, trouble }),
  z.object({ kind: z.literal('membership'), node: z.string(), leads: z.literal(true).optional() }),
]);

const fault = z.custom<Fault>((value) => faultSchema.safeParse(value).success);
const answer = { id: z.number(), kind: z.string(), held: z.boolean(), text: z.string() };
const words = { nemesis: z.string(), variant: z.string(), targets: z.string(), nodes: z.array(z.string()) };

const markSchema: z.ZodType<Mark> = z.discriminatedUnion('mark', [
  z.object({ mark: z.literal('begin'), id: z.number(), ...words, fault }),
  z.object({ mark: z.literal('end'), id: z.number(), kind: z.string() }),
  z.object({ mark: z.enum(['begun', 'ended']), ...answer }),
  z.object({
    mark: z.literal('phase'),
    phase: z.enum(['main', 'liveness', 'heal', 'quiesce', 'final', 'converge', 'end']),
    interrupted: z.boolean().optional(),
    trace: z.object({ events: z.number(), hash: z.string() }).nullable().optional(),
  }),
  z.object({ mark: z.literal('leader'), node: z.string(), term: z.number().nullable() }),
  z.object({ mark: z.literal('finding'), kind: z.string(), node: z.string(), at: z.number(), text: z.string() }),
  z.object({ mark: z.literal('note'), text: z.string() }),
  z.object({ mark: z.literal('counters'), counters: z.record(z.string(), z.number()) }),
  z.object({ mark: z.literal('peek'), round: z.number(), node: z.string(), values: z.record(z.string(), z.json()) }),
]);

export interface MarkEvent {
  readonly index: number;
  /** Nanoseconds since the run began. */
  readonly at: number;
  readonly mark: Mark;
}

export const markEvent = (at: Instant, mark: Mark): Omit<HistoryEvent, 'index'> => ({
  time: at,
  process: 'nemesis',
  type: 'info',
  f: functionOf(mark),
  key: null,
  value: mark as unknown as Value,
});

/** The marks of a history, in order. Events of a nemesis that are not ours are passed over. */
export function marksOf(events: readonly HistoryEvent[]): readonly MarkEvent[] {
  const marks: MarkEvent[] = [];
  for (const event of events) {
    if (event.process !== 'nemesis') continue;
    const parsed = markSchema.safeParse(event.value);
    if (parsed.success) marks.push({ index: event.index, at: event.time, mark: parsed.data });
  }
  return marks;
}

function functionOf(mark: Mark): string {
  if (mark.mark === 'begin') return `start-${mark.fault.kind}`;
  if (mark.mark === 'begun') return `start-${mark.kind}`;
  return mark.mark === 'end' || mark.mark === 'ended' ? `stop-${mark.kind}` : mark.mark;
}
