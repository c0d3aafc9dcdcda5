/**
 * Asks every node for what it holds for every key, round after round, until all agree twice in a row: an operation whose
 * outcome nobody knows may still land after they agreed once. What was seen is written into the history, and judged
 * from there. A node that does not answer for every key is not in that round.
 */
import { CatchingUp } from 'knossos-ts';
import type { NodeId } from '../core/ids.ts';
import { type Json, sameJson } from '../core/json.ts';
import { type Cancel, type Duration, type Instant, milliseconds, plus } from '../core/time.ts';
import type { World } from '../environments/environment.ts';
import type { Faults } from '../environments/faults.ts';
import type { Mark, MarkOf } from './marks.ts';

/** Between two rounds. */
const pause = milliseconds(200);

export interface ConvergingPlan {
  readonly nodes: readonly NodeId[];
  readonly keys: readonly string[];
  readonly world: Pick<World, 'after'>;
  readonly faults: Pick<Faults, 'peek'>;
  /** When nobody is waited for any more, however he comes on. */
  readonly until: Instant;
  /** Answers with the time that the mark has in the history. */
  readonly mark: (mark: Mark) => Instant;
  /** Called when all nodes have agreed twice in a row; without that, never: the caller has a deadline. */
  readonly done: () => void;
}

type Values = MarkOf<'peek'>['values'];

export interface Converging {
  /** Nothing is called after that. */
  readonly stop: Cancel;
  /** Whether to wait on: some node has lately come to something that it did not have before, and it is not too late. */
  readonly goesOn: (now: Instant) => boolean;
  /** So long nobody looked. */
  readonly putOff: (by: Duration) => void;
}

export function beginConverging(plan: ConvergingPlan): Converging {
  const { nodes, world, mark, done } = plan;
  const catchingUp = new CatchingUp();
  let stopped = false;
  let cancel: Cancel | null = null;
  const ask = (round: number, before: Values | null): void =>
    askAll(plan, (answers) => {
      if (stopped) return;
      for (const [node, values] of answers) {
        const time = mark({ mark: 'peek', round, node, values });
        for (const [key, value] of Object.entries(values)) catchingUp.note({ replica: node, key, value, time });
      }
      const [first, ...others] = answers.values();
      const agreed =
        first !== undefined && answers.size === nodes.length && others.every((one) => sameJson(first, one));
      if (agreed && before !== null && sameJson(first, before)) return done();
      cancel = world.after(pause, () => ask(round + 1, agreed ? first : null));
    });
  ask(1, null);
  const stop = (): void => {
    stopped = true;
    cancel?.();
  };
  let { until } = plan;
  return {
    stop,
    goesOn: (now) => now < until && catchingUp.goesOn(),
    putOff: (by) => void (until = plus(until, by)),
  };
}

/** Hands over what the nodes hold, by node in their order, of those that answered for every key. */
function askAll({ nodes, keys, faults }: ConvergingPlan, heard: (answers: ReadonlyMap<NodeId, Values>) => void): void {
  const found = new Map(nodes.map((node) => [node, new Map<string, Json>()]));
  let left = nodes.length * keys.length;
  const whole = (): ReadonlyMap<NodeId, Values> =>
    new Map(
      [...found].flatMap(([node, values]) => (values.size === keys.length ? [[node, inOrder(keys, values)]] : [])),
    );
  if (left === 0) return heard(whole());
  for (const node of nodes)
    for (const key of keys)
      faults.peek(node, key, (answer) => {
        if (answer.ok) found.get(node)?.set(key, answer.value);
        if (--left === 0) heard(whole());
      });
}

const inOrder = (keys: readonly string[], values: ReadonlyMap<string, Json>): Values =>
  Object.fromEntries(keys.map((key) => [key, values.get(key) ?? null]));
