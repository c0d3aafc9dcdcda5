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
import * as v from 'valibot';
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

const text = v.string();
const number = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const nodeNames = v.array(text);
const links = v.array(v.strictTuple([text, text]));
const json: v.GenericSchema<unknown, Json> = v.lazy(() =>
  v.union([text, number, v.boolean(), v.null(), v.array(json), v.record(text, json)]),
);
const skew = v.variant('type', [
  v.object({ type: v.literal('bump'), by: number }),
  v.object({ type: v.picklist(['strobe', 'rewind']), by: number, period: number }),
  v.object({ type: v.literal('drift'), rate: number }),
]);
const weather = v.variant('type', [
  v.object({ type: v.literal('delay'), delay: number, jitter: number }),
  v.object({ type: v.literal('loss'), share }),
  v.object({ type: v.literal('duplicate'), share }),
  v.object({ type: v.literal('reorder'), share, within: number }),
  v.object({ type: v.literal('hold') }),
  v.object({ type: v.literal('rate'), bytesPerSecond: number }),
]);
const trouble = v.variant('type', [
  v.object({ type: v.picklist(['torn', 'sync-error', 'full']) }),
  v.object({ type: v.literal('slow'), sync: number }),
]);
const faultSchema = v.variant('kind', [
  v.object({ kind: v.literal('partition'), cut: links }),
  v.object({ kind: v.picklist(['kill', 'pause']), nodes: nodeNames }),
  v.object({ kind: v.literal('clock'), nodes: nodeNames, skew }),
  v.object({ kind: v.literal('packets'), links, weather }),
  v.object({ kind: v.literal('disk'), nodes: nodeNames, trouble }),
  v.object({ kind: v.literal('membership'), node: text, leads: v.optional(v.literal(true)) }),
]);

const fault = v.custom<Fault>((value) => v.is(faultSchema, value));
const answer = { id: number, kind: text, held: v.boolean(), text };
const words = { nemesis: text, variant: text, targets: text, nodes: nodeNames };

const markSchema: v.GenericSchema<unknown, Mark> = v.variant('mark', [
  v.object({ mark: v.literal('begin'), id: number, ...words, fault }),
  v.object({ mark: v.literal('end'), id: number, kind: text }),
  v.object({ mark: v.picklist(['begun', 'ended']), ...answer }),
  v.object({
    mark: v.literal('phase'),
    phase: v.picklist(['main', 'liveness', 'heal', 'quiesce', 'final', 'converge', 'end']),
    interrupted: v.optional(v.boolean()),
    trace: v.nullish(v.object({ events: number, hash: text })),
  }),
  v.object({ mark: v.literal('leader'), node: text, term: v.nullable(number) }),
  v.object({ mark: v.literal('finding'), kind: text, node: text, at: number, text }),
  v.object({ mark: v.literal('note'), text }),
  v.object({ mark: v.literal('counters'), counters: v.record(text, number) }),
  v.object({ mark: v.literal('peek'), round: number, node: text, values: v.record(text, json) }),
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
    const parsed = v.safeParse(markSchema, event.value);
    if (parsed.success) marks.push({ index: event.index, at: event.time, mark: parsed.output });
  }
  return marks;
}

function functionOf(mark: Mark): string {
  if (mark.mark === 'begin') return `start-${mark.fault.kind}`;
  if (mark.mark === 'begun') return `start-${mark.kind}`;
  return mark.mark === 'end' || mark.mark === 'ended' ? `stop-${mark.kind}` : mark.mark;
}
