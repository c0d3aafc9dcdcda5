/**
 * Reads at the end of a run, when every fault has healed: what was acknowledged must still be there. Every node is
 * asked for the newest keys and for a sample of the older ones, and each other key is read once by somebody. A read
 * that fails is repeated, within a budget. Keys are those of a key rotation; it learns of them from the main phase. Where
 * a workload knows what there is to read, it says so (`readEverywhere`).
 */
import type { NodeId } from '../core/ids.ts';
import type { Call } from '../protocol/client.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep, Thread } from './generator.ts';
import { keyName, keyNumber } from './key-rotation.ts';

export interface FinalReadsPlan {
  /** How many of the newest keys every node is asked for. */
  readonly newest: number;
  /** How many older keys every node is asked for. */
  readonly sample: number;
  /** How many failed reads are repeated for each node. */
  readonly repeats: number;
}

export const finalReads = (plan: FinalReadsPlan): Generator => new Listening(plan, 0);

/** Every node is asked for all of this, which must change nothing. */
export const readEverywhere = (calls: readonly Call[], repeats: number): Generator => ({
  next: (context) =>
    new Reading(
      nodesOf(context).map((node) => ({ node, calls, next: 0, repeats })),
      new Map(),
    ).next(context),
});

const nodesOf = ({ threads }: GeneratorContext): readonly NodeId[] => [
  ...new Set(threads.map((thread) => thread.home)),
];

const readOf = (key: string): Call => ({ f: 'read', key, value: null });

/** The main phase: only the newest key matters. */
class Listening implements Generator {
  readonly #plan: FinalReadsPlan;
  readonly #newest: number;

  constructor(plan: FinalReadsPlan, newest: number) {
    this.#plan = plan;
    this.#newest = newest;
  }

  update(event: GeneratorEvent): Generator {
    if (event.kind !== 'invoke') return this;
    const number = keyNumber(event.call.key);
    return number > this.#newest ? new Listening(this.#plan, number) : this;
  }

  next(context: GeneratorContext): GeneratorStep {
    return new Reading(this.#queues(context), new Map()).next(context);
  }

  #queues(context: GeneratorContext): readonly Queue[] {
    const { newest, sample, repeats } = this.#plan;
    const nodes = nodesOf(context);
    const known = Array.from({ length: this.#newest }, (_, index) => keyName(index + 1));
    const older = context.random.shuffle(known.slice(0, Math.max(0, known.length - newest)));
    const forAll = [...known.slice(-newest), ...older.slice(0, sample)];
    const once = older.slice(sample);
    return nodes.map((node, place) => ({
      node,
      calls: [...forAll, ...once.filter((_, index) => index % nodes.length === place)].map(readOf),
      next: 0,
      repeats,
    }));
  }
}

interface Queue {
  readonly node: NodeId;
  readonly calls: readonly Call[];
  /** The place of the next one in `calls`. */
  readonly next: number;
  readonly repeats: number;
}

class Reading implements Generator {
  readonly #queues: readonly Queue[];
  /** By thread: the place of the queue that its present or last read came from. */
  readonly #source: ReadonlyMap<number, number>;

  constructor(queues: readonly Queue[], source: ReadonlyMap<number, number>) {
    this.#queues = queues;
    this.#source = source;
  }

  next(context: GeneratorContext): GeneratorStep {
    for (const [place, queue] of this.#queues.entries()) {
      const call = queue.calls[queue.next];
      const thread = call === undefined ? null : reader(queue.node, context);
      if (call === undefined || thread === null) continue;
      const queues = this.#queues.with(place, { ...queue, next: queue.next + 1 });
      const rest = new Reading(queues, new Map(this.#source).set(thread.index, place));
      return { kind: 'call', process: thread.process, call, rest };
    }
    // What is in flight may fail and then be repeated.
    if (context.free.length < context.threads.length) return { kind: 'wait', until: 'event', rest: this };
    return { kind: 'done' };
  }

  update(event: GeneratorEvent): Generator {
    if (event.kind !== 'complete' || event.outcome.type === 'ok') return this;
    const place = this.#source.get(event.thread) ?? -1;
    const queue = this.#queues[place];
    if (queue === undefined || queue.repeats === 0) return this;
    const again = { ...queue, calls: [...queue.calls, event.call], repeats: queue.repeats - 1 };
    return new Reading(this.#queues.with(place, again), this.#source);
  }
}

/** The free thread of lowest index at that node; any free one if none lives there any more. */
function reader(node: NodeId, { free, threads }: GeneratorContext): Thread | null {
  const lives = threads.some((thread) => thread.home === node);
  let best: Thread | null = null;
  for (const thread of free)
    if ((!lives || thread.home === node) && (best === null || thread.index < best.index)) best = thread;
  return best;
}
