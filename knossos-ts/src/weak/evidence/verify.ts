/**
 * The second opinion on a counterexample: derives each edge again, from the operations and their values alone, and
 * looks whether the edges make a circle that the model forbids. It shares no code with the checks.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue } from '../../history/value.ts';
import { observedValue } from '../../models/register-values.ts';
import type { ConsistencyModel } from '../models.ts';
import type { Edge } from './edges.ts';
import { Sources, writtenBy } from './sources.ts';

/** True when every edge follows from its rule and the cycle breaks the model. `initial` is null for lists. */
export function verifyCycle(
  model: ConsistencyModel,
  cycle: readonly Edge[],
  history: readonly Operation[],
  initial: Value,
): boolean {
  return new Verification(history, initial).holds(model, cycle);
}

class Verification {
  readonly #byId: ReadonlyMap<number, Operation>;
  readonly #sources: Sources;
  readonly #initial: Value;

  constructor(history: readonly Operation[], initial: Value) {
    this.#sources = new Sources(history);
    this.#initial = initial;
    this.#byId = new Map(history.map((operation) => [operation.id, operation]));
  }

  holds(model: ConsistencyModel, cycle: readonly Edge[]): boolean {
    if (cycle.length < 2 || !isWay(cycle, cycle[0]?.from, cycle[0]?.from)) return false;
    // Edges are made after those that they rest on, so that none rests on itself.
    const all = flattened(cycle);
    return all.every((edge) => this.#isSound(edge)) && this.#isWithin(model, all);
  }

  #isSound({ from, to, rule, read, because }: Edge): boolean {
    if (from === 'initial') return rule === 'initial' && this.#writesTo(to) !== undefined;
    const first = this.#byId.get(from);
    const reader = read === undefined ? undefined : this.#byId.get(read);
    if (first === undefined || first.type === 'fail') return false;
    if (to === 'initial') {
      if (rule !== 'seen-before-source' || reader === undefined || !sameValue(first.key, reader.key)) return false;
      return this.#sees(reader, undefined) && this.#writesTo(from) !== undefined && isWay(because, from, reader.id);
    }
    const second = this.#byId.get(to);
    if (second === undefined || second.type === 'fail') return false;
    if (rule === 'session') return first.process === second.process && first.called < second.called;
    if (rule === 'reads-from') return this.#sees(second, first);
    if (from === to || rule === 'initial' || !sameValue(first.key, second.key)) return false;
    if (rule === 'in-list') return this.#sources.placeIn(second, first) >= 0;
    if (rule === 'read-before-overwrite') return this.#isOverwrittenBy(first, second, because);
    if (rule === 'not-in-list')
      return first.f === 'read' && second.f === 'append' && this.#sources.placeIn(first, second) < 0;
    if (reader === undefined || !sameValue(first.key, reader.key)) return false;
    if (rule === 'list-order') {
      const place = this.#sources.placeIn(reader, first);
      return place >= 0 && place < this.#sources.placeIn(reader, second);
    }
    if (this.#writesTo(from) === undefined) return false;
    return this.#sees(reader, second) && isWay(because, from, reader.id);
  }

  #isOverwrittenBy(read: Operation, write: Operation, because: readonly Edge[]): boolean {
    if (!sameValue(read.key, write.key) || this.#writesTo(write.id) === undefined) return false;
    const source = because[0]?.from;
    if (source === undefined) return this.#sees(read, undefined);
    const writer = source === 'initial' ? undefined : this.#byId.get(source);
    return writer !== undefined && writer !== write && this.#sees(read, writer) && isWay(because, source, write.id);
  }

  /** It observed what the writer wrote, and nobody else may have written that; without a writer: the initial value. */
  #sees(reader: Operation, writer: Operation | undefined): boolean {
    const seen = observedValue(reader);
    if (seen === undefined || reader.type === 'fail') return false;
    const makers = this.#sources.makers(reader.key, seen);
    if (writer === undefined) return makers.length === 0 && sameValue(seen, this.#initial);
    return makers.length === 1 && makers[0] === writer && !sameValue(seen, this.#initial);
  }

  #writesTo(id: number | 'initial'): Value | undefined {
    const operation = id === 'initial' ? undefined : this.#byId.get(id);
    return operation === undefined ? undefined : writtenBy(operation);
  }

  /** Each model allows some edges and forbids the circles that are made of them. */
  #isWithin(model: ConsistencyModel, all: readonly Edge[]): boolean {
    const derived = all.filter(({ rule }) => isDerived(rule));
    const readers = new Set(derived.map(({ read }) => this.#byId.get(read ?? -1)?.process));
    const plain = derived.every(({ because }) => because.every(({ rule }) => !isDerived(rule)));
    const overwrites = derived.some(({ rule }) => rule === 'read-before-overwrite');
    if (model === 'linearizable' || model === 'sequential') return true;
    if (overwrites) return false;
    if (model === 'causal' || model === 'writes-follow-reads') return plain && derived.length <= 1;
    if (model === 'causal-convergence') {
      return plain && (derived.length <= 1 || derived.every(({ rule }) => rule !== 'not-in-list'));
    }
    if (model === 'causal-memory') return readers.size <= 1;
    // Below causal memory, nobody learns from what others have observed.
    for (const { rule, to } of all) {
      if (rule === 'reads-from' || rule === 'in-list') readers.add(to === 'initial' ? -1 : this.#byId.get(to)?.process);
    }
    return readers.size <= 1;
  }
}

const isDerived = (rule: Edge['rule']): boolean =>
  rule !== 'session' && rule !== 'reads-from' && rule !== 'in-list' && rule !== 'initial';

const isWay = (edges: readonly Edge[], from: Edge['from'] | undefined, to: Edge['to'] | undefined): boolean =>
  edges.length > 0 &&
  edges[0]?.from === from &&
  edges.at(-1)?.to === to &&
  edges.every((edge, number) => number === 0 || edges[number - 1]?.to === edge.from);

/** The edges and all that they rest on, each once. */
export function flattened(edges: readonly Edge[]): Edge[] {
  const all = new Set(edges);
  for (const edge of all) for (const premise of edge.because) all.add(premise);
  return [...all];
}
