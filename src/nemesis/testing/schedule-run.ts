/** Plays a schedule of made-up nemeses on virtual time, in an environment that answers as the test says. */
import { Heap } from '../../core/heap.ts';
import { nodeNames } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import { instant, milliseconds, plus, seconds, type Duration, type Instant } from '../../core/time.ts';
import type { Answer, FaultId } from '../../environments/faults.ts';
import type { Nemesis, NemesisView, PlannedFault } from '../nemesis.ts';
import { Schedule, type FaultChange, type FaultRecord, type ScheduleEffects, type ScheduleInput } from '../schedule.ts';
import { follower } from './view.ts';

export const nodes = nodeNames(3);
export const proof: Answer<string> = { ok: true, value: 'seen' };
export const interval = seconds(10);

/** How long the environment takes to answer; null: it never does. */
export interface Environment {
  readonly begin?: Duration | null;
  readonly end?: Duration | null;
  readonly inspect?: Duration | null;
  readonly answer?: Answer<string>;
}

interface Run extends Environment {
  readonly nemeses: readonly Nemesis[];
  readonly seed?: number;
  readonly stopAt: Duration;
}

interface Change {
  readonly at: Instant;
  readonly change: FaultChange;
  readonly fault: FaultRecord;
}

export interface Played {
  readonly changes: readonly Change[];
  /** What the environment was asked for, in order: `begin 1`. */
  readonly asked: readonly string[];
  readonly doneAt: Instant | null;
  readonly doneTimes: number;
  /** The last state of each fault. */
  readonly faults: readonly FaultRecord[];
  readonly schedule: Schedule;
}

export function run({ nemeses, seed = 1, stopAt, answer = proof, ...environment }: Run): Played {
  const { begin = milliseconds(5), end = milliseconds(5), inspect = milliseconds(1) } = environment;
  const selections = nemeses.map((nemesis) => ({ nemesis, variants: nemesis.variants }));
  const schedule = new Schedule({ selections, nodes, interval, random: seeded(seed) });
  const queue = new Heap<() => unknown>();
  const changes: Change[] = [];
  const asked: string[] = [];
  const faults = new Map<FaultId, FaultRecord>();
  let now = instant(0);
  let doneAt: Instant | null = null;
  let doneTimes = 0;
  let wakes = 0;
  const step = (input: ScheduleInput): void => schedule.step(now, input, effects);
  const later = (delay: Duration | null, input: ScheduleInput): void => {
    if (delay === 0) step(input);
    else if (delay !== null) queue.push(plus(now, delay), () => step(input));
  };
  const effects: ScheduleEffects = {
    begin(id) {
      asked.push(`begin ${id}`);
      later(begin, { kind: 'begun', id, answer });
    },
    end(id) {
      asked.push(`end ${id}`);
      later(end, { kind: 'ended', id, answer });
    },
    inspect: (round, node) => later(inspect, { kind: 'inspected', round, node, answer: { ok: true, value: follower } }),
    wakeAt(at) {
      const mine = ++wakes;
      queue.push(at, () => mine === wakes && step({ kind: 'tick' }));
    },
    record(change, fault) {
      changes.push({ at: now, change, fault });
      faults.set(fault.id, fault);
    },
    done() {
      doneAt = now;
      doneTimes++;
    },
  };
  queue.push(stopAt, () => step({ kind: 'stop' }));
  step({ kind: 'tick' });
  for (let turn = 0; queue.size > 0; turn++) {
    if (turn > 100_000) throw new Error('The schedule never comes to an end');
    now = instant(queue.nextAt);
    queue.pop()?.();
  }
  return { changes, asked, doneAt, doneTimes, faults: [...faults.values()], schedule };
}

export const paused: PlannedFault = {
  fault: { kind: 'pause', nodes: nodes.slice(0, 1) },
  targets: 'n1',
  nodes: nodes.slice(0, 1),
};

interface Making {
  readonly favoured?: readonly string[];
  readonly plan?: (variant: string, view: NemesisView) => PlannedFault | null;
}

export const nemesis = (
  name: string,
  variants: readonly string[],
  { favoured = [], plan = () => paused }: Making = {},
): Nemesis => ({
  name,
  summary: '',
  needs: ['pause'],
  variants: variants.map((variant) => ({
    name: variant,
    summary: '',
    minimumNodes: 1,
    favoured: favoured.includes(variant),
    plan: (view) => plan(variant, view),
  })),
});
