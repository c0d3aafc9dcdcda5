/**
 * Why an order in the making cannot go on. Each operation that is not taken is held up by another one: it must come
 * after it, or it would replace a value that the other one has still to read. So there is a circle of them, and its steps
 * of the second kind are there because of a choice: that the write of that value came before the one that is held up.
 * At least one of these choices must be the other way round in any order that there is.
 */
import { initially, nothing, type HistoryIndex } from '../index/history-index.ts';
import type { Successors } from '../index/graph.ts';
import type { Precedence, Progress } from './progress.ts';

export interface Conflict {
  /** One of them must hold, the likeliest first. Empty where no choice was to blame. */
  readonly ways: readonly Precedence[];
  /** The numbers of the assumptions that the circle rests on. */
  readonly assumptions: readonly number[];
}

/** What holds up an operation, and why. */
interface Hold {
  readonly by: number;
  readonly way?: Precedence;
  readonly assumption?: number;
}

export class Conflicts {
  readonly #index: HistoryIndex;
  readonly #before: { readonly start: Int32Array; readonly list: Int32Array };
  readonly #readers: { readonly start: Int32Array; readonly list: Int32Array };

  constructor(index: HistoryIndex, { start, to }: Successors) {
    const { operations, source, keys, key } = index;
    this.#index = index;
    const from = new Int32Array(to.length);
    const observed = new Int32Array(operations.length);
    const readers = new Int32Array(operations.length);
    let count = 0;
    for (let vertex = 0; vertex < operations.length; vertex++) {
      const end = start[vertex + 1] as number;
      for (let place = start[vertex] as number; place < end; place++) from[place] = vertex;
      const write = source[vertex] as number;
      if (write === nothing) continue;
      observed[count] = write === initially ? operations.length + (key[vertex] as number) : write;
      readers[count++] = vertex;
    }
    this.#before = grouped(operations.length, to, from);
    this.#readers = grouped(operations.length + keys.length, observed.subarray(0, count), readers);
  }

  /** For an order that is stuck. */
  in(progress: Progress): Conflict {
    const circle = this.#circle(progress);
    const { rank } = progress;
    const distance = ({ from, to }: Precedence): number => Math.abs((rank[from] as number) - (rank[to] as number));
    return {
      ways: circle
        .flatMap(({ way }) => (way === undefined ? [] : [way]))
        .toSorted((one, other) => distance(one) - distance(other)),
      assumptions: circle.flatMap(({ assumption }) => (assumption === undefined ? [] : [assumption])),
    };
  }

  /** From one that is on a circle the way back to it on which the fewest choices are. */
  #circle(progress: Progress): readonly Hold[] {
    const end = this.#onCircle(progress);
    const came = new Map<number, { readonly held: number; readonly hold: Hold }>();
    let layer = [end];
    for (;;) {
      const next: number[] = [];
      for (let held = layer.pop(); held !== undefined; held = layer.pop()) {
        for (const hold of this.#holds(progress, held)) {
          if (came.has(hold.by)) continue;
          came.set(hold.by, { held, hold });
          if (hold.by === end) return wayTo(came, end);
          // What rests on no choice is followed before what does.
          (hold.way === undefined ? layer : next).push(hold.by);
        }
      }
      if (next.length === 0) throw new Error('An order in the making is stuck without a circle');
      layer = next;
    }
  }

  /** Whoever is followed from one to the next comes round. */
  #onCircle(progress: Progress): number {
    const seen = new Set<number>();
    let at = 0;
    while (progress.isTaken(at)) at++;
    while (!seen.has(at)) {
      seen.add(at);
      at = this.#holds(progress, at).next().value!.by;
    }
    return at;
  }

  *#holds(progress: Progress, held: number): Generator<Hold, undefined> {
    const { start, list } = this.#before;
    let isHeld = false;
    for (let place = start[held] as number; place < (start[held + 1] as number); place++) {
      const by = list[place] as number;
      if (progress.isTaken(by)) continue;
      isHeld = true;
      yield { by };
    }
    for (const [assumption, { from, to }] of progress.assumed.entries()) {
      if (to !== held || progress.isTaken(from)) continue;
      isHeld = true;
      yield { by: from, assumption };
    }
    if (this.#index.writes[held] === 1 && !isHeld) yield* this.#readersBefore(progress, held);
  }

  /** Of the present value of the key. That they come first is a choice, unless it had to be there before the write. */
  *#readersBefore(progress: Progress, held: number): Generator<Hold, undefined> {
    const { key, source, operations } = this.#index;
    const of = key[held] as number;
    const current = progress.current[of] as number;
    const { start, list } = this.#readers;
    const group = current < 0 ? operations.length + of : current;
    const first = source[held] === nothing ? this.#firstOfChain(current) : initially;
    const way = first === initially ? {} : { way: { from: held, to: first } };
    for (let place = start[group] as number; place < (start[group + 1] as number); place++) {
      const by = list[place] as number;
      if (by !== held && !progress.isTaken(by)) yield { by, ...way };
    }
  }

  /** A cas comes right after what it replaced: what comes before it comes before the write that the chain begins with. */
  #firstOfChain(write: number): number {
    let first = write;
    while (first >= 0 && this.#index.source[first] !== nothing) first = this.#index.source[first] as number;
    return first;
  }
}

function wayTo(
  came: ReadonlyMap<number, { readonly held: number; readonly hold: Hold }>,
  end: number,
): readonly Hold[] {
  const way: Hold[] = [];
  let at = end;
  do {
    const { held, hold } = came.get(at)!;
    way.push(hold);
    at = held;
  } while (at !== end);
  return way;
}

/** The members of each group, one after the other. */
function grouped(groups: number, group: Int32Array, member: Int32Array): { start: Int32Array; list: Int32Array } {
  const start = new Int32Array(groups + 2);
  for (const of of group) start[of + 2] = (start[of + 2] as number) + 1;
  for (let of = 2; of < start.length; of++) start[of] = (start[of] as number) + (start[of - 1] as number);
  const list = new Int32Array(group.length);
  for (let at = 0; at < group.length; at++) {
    const of = group[at] as number;
    list[start[of + 1] as number] = member[at] as number;
    start[of + 1] = (start[of + 1] as number) + 1;
  }
  return { start, list };
}
