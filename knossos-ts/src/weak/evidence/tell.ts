/** Turns ways through the graph into edges that say why they are there. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, showKey, showValue } from '../../history/value.ts';
import type { DerivedEdges, Successors } from '../index/graph.ts';
import { initially, type HistoryIndex } from '../index/history-index.ts';
import type { Edge, EdgeRule } from './edges.ts';
import { shortestPath, type Step } from './shortest-path.ts';

/** "process 3's write of 5 to x". */
export function nameOf({ process, f, key, input, output }: Operation): string {
  const of = (preposition: string): string => (key === null ? '' : ` ${preposition} ${showKey(key)}`);
  if (f === 'read') return `process ${process}'s read of ${showValue(output)}${of('from')}`;
  if (f === 'cas' && isList(input)) {
    const swapped = `process ${process}'s cas of ${showValue(input[0] ?? null)} to ${showValue(input[1] ?? null)}${of('on')}`;
    const current = refusedFor(output);
    return current === undefined
      ? swapped
      : `process ${process}'s refused cas, which saw ${showValue(current)}${of('on')}`;
  }
  return `process ${process}'s ${f} of ${showValue(input)}${of('to')}`;
}

function refusedFor(output: Value): Value | undefined {
  return typeof output === 'object' && output !== null && !isList(output) && output['swapped'] === false
    ? (output['current'] ?? null)
    : undefined;
}

export class Teller {
  readonly #index: HistoryIndex;
  readonly #successors: Successors;
  readonly #derived: DerivedEdges | undefined;
  /** False where the model derives from the causal order alone, and not from what was derived before. */
  readonly #cumulative: boolean;
  readonly #told = new Map<number, Edge>();

  /** `successors` hold the causal order, as far as the model has it, and the derived edges. */
  constructor(index: HistoryIndex, successors: Successors, derived: DerivedEdges | undefined, cumulative: boolean) {
    this.#index = index;
    this.#successors = successors;
    this.#derived = derived;
    this.#cumulative = cumulative;
  }

  /** The shortest way, as edges. Undefined when there is none. From a vertex to itself: around. */
  way(from: number, to: number, limit: number = Infinity): Edge[] | undefined {
    const steps = shortestPath(this.#index, this.#successors, from, to, limit);
    return steps === undefined ? undefined : this.tell(steps);
  }

  /** The edge from the writing of the initial value to a write. */
  fromInitial(write: number): Edge {
    const why = `the initial value was there before any write`;
    return { from: 'initial', to: this.id(write), rule: 'initial', why, because: [] };
  }

  /** A read whose source is older than another write that came before the read. */
  beforeSource(
    older: number,
    source: number,
    read: number,
    limit: number,
    because: readonly Edge[] = this.way(older, read, limit) ?? [],
  ): Edge {
    const { operations } = this.#index;
    const to = source === initially ? 'initial' : this.id(source);
    const why = `${nameOf(operations[read]!)} came after ${nameOf(operations[older]!)} and yet saw ${
      source === initially ? 'the initial value' : 'the other value'
    }`;
    return { from: this.id(older), to, rule: 'seen-before-source', why, read: this.id(read), because };
  }

  /** From a write over an operation that observed it to that one or to a later one of the same process. */
  byReading(write: number, observer: number, later: number): Edge[] {
    const observed = this.#given(write, observer, true);
    return observer === later ? [observed] : [observed, this.#given(observer, later)];
  }

  /** `first` stands before `second` in the list that was read. */
  listOrder(first: number, second: number, read: number): Edge {
    const why = `${nameOf(this.#index.operations[read]!)} shows them in this order`;
    return { ...this.#ends(first, second), rule: 'list-order', why, read: this.id(read), because: [] };
  }

  notInList(read: number, append: number): Edge {
    const why = `the list that was read does not show ${showValue(this.#index.operations[append]!.input)}`;
    return { ...this.#ends(read, append), rule: 'not-in-list', why, read: this.id(read), because: [] };
  }

  id(vertex: number): number {
    return this.#index.operations[vertex]!.id;
  }

  #ends(from: number, to: number): { from: number; to: number } {
    return { from: this.id(from), to: this.id(to) };
  }

  /** A way as edges. Versions are passed through: an append and a reader of a list that holds it are one edge. */
  tell(steps: readonly Step[]): Edge[] {
    const { operations } = this.#index;
    const edges: Edge[] = [];
    let from = steps[0]?.from ?? 0;
    for (const step of steps) {
      if (step.to >= operations.length) continue;
      edges.push(step.edge >= 0 ? this.derived(step.edge) : this.#given(from, step.to));
      from = step.to;
    }
    return edges;
  }

  #given(from: number, to: number, observed: boolean = false): Edge {
    const { session, operations, kind } = this.#index;
    const ends = this.#ends(from, to);
    if (!observed && session[from] === session[to] && from < to) {
      const why = `process ${operations[from]?.process} did them in this order`;
      return { ...ends, rule: 'session', why, because: [] };
    }
    const rule: EdgeRule = kind === 'list' ? 'in-list' : 'reads-from';
    return { ...ends, rule, why: `the one observed what the other had written`, because: [] };
  }

  /** The derived edge of this number. */
  derived(number: number): Edge {
    const known = this.#told.get(number);
    if (known !== undefined) return known;
    const edge = this.#derive(number);
    this.#told.set(number, edge);
    return edge;
  }

  #derive(number: number): Edge {
    const derived = this.#derived!;
    const from = derived.from[number] as number;
    const to = derived.to[number] as number;
    const read = derived.read[number] as number;
    const limit = this.#cumulative ? number : 0;
    const rule = derived.rules[number]!;
    if (rule === 'seen-before-source') return this.beforeSource(from, to, read, limit);
    if (rule === 'list-order') return this.listOrder(from, to, read);
    if (rule === 'not-in-list') return this.notInList(from, to);
    const source = this.#index.source[from] as number;
    const because = source < 0 ? noEdges : (this.way(source, to, limit) ?? noEdges);
    const why = `the value that was observed is older than what ${nameOf(this.#index.operations[to]!)} left`;
    return { ...this.#ends(from, to), rule, why, read: this.id(from), because };
  }
}

const noEdges: readonly Edge[] = [];
