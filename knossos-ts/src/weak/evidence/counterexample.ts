/** Puts a counterexample together: its operations, its sentence, and the second opinion. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, showKey, showValue } from '../../history/value.ts';
import type { HistoryIndex, Impossible } from '../index/history-index.ts';
import type { ConsistencyModel } from '../models.ts';
import type { Edge, ModelCounterexample } from './edges.ts';
import { nameOf } from './tell.ts';
import { flattened, verifyCycle } from './verify.ts';
import { verifyImpossible } from './verify-impossible.ts';

/** `history`: everything that was given to the check, so that the second opinion sees what the index left out. */
export function counterexampleOf(
  model: ConsistencyModel,
  cycle: readonly Edge[],
  index: HistoryIndex,
  history: readonly Operation[],
): ModelCounterexample {
  const byId = new Map(index.operations.map((operation) => [operation.id, operation]));
  const ids = new Set(flattened(cycle).flatMap(({ from, to, read }) => [from, to, read ?? from]));
  const involved = [...ids].flatMap((id) => (id === 'initial' ? [] : (byId.get(id) ?? [])));
  const operations = withWitnesses(index, involved);
  return {
    model,
    sentence: sentenceOf(cycle, byId),
    operations: operations.toSorted((one, other) => one.called - other.called),
    cycle,
    verified: verifyCycle(model, cycle, history, index.kind === 'list' ? null : index.initial),
  };
}

/** Of an operation of unknown outcome it must be shown that it happened. */
function withWitnesses(index: HistoryIndex, involved: readonly Operation[]): Operation[] {
  const unsure = involved.filter(({ type }) => type === 'info');
  if (unsure.length === 0) return [...involved];
  const { operations } = index;
  const story = new Set(involved);
  const vertexOf = new Map(operations.map((operation, vertex) => [operation, vertex]));
  const witnesses = witnessesIn(index);
  const shown = new Set<number>();
  for (const operation of unsure) {
    for (let at = vertexOf.get(operation) as number; operations[at]?.type === 'info' && !shown.has(at);) {
      shown.add(at);
      at = witnesses[at] as number;
      story.add(operations[at] as Operation);
    }
  }
  return [...story];
}

/**
 * By operation of unknown outcome: who observed what it left, the next on the shortest way to one of known outcome. Any
 * observer would not do, since some are unsure themselves, and observe each other in a circle. All ways are found at once,
 * backwards from the known outcomes, because a long story may be of nothing but unsure operations.
 */
function witnessesIn({ source, operations, versions }: HistoryIndex): Int32Array {
  const witnesses = new Int32Array(operations.length).fill(-1);
  const isShown = new Uint8Array(versions.count);
  const observers = Array.from(operations.keys()).filter((vertex) => operations[vertex]?.type === 'ok');
  for (const observer of observers) {
    const show = (write: number): void => {
      if (operations[write]?.type !== 'info' || witnesses[write] !== -1) return;
      witnesses[write] = observer;
      observers.push(write);
    };
    let at = source[observer] as number;
    for (; at >= operations.length && isShown[at - operations.length] === 0;) {
      isShown[at - operations.length] = 1;
      show(versions.element[at - operations.length] as number);
      at = versions.parent[at - operations.length] as number;
    }
    show(at);
  }
  return witnesses;
}

/** What no order could explain: one operation is the whole story. `history`: everything. */
export const impossibleIn = (
  model: ConsistencyModel,
  { rule, operation, others, sentence }: Impossible,
  history: readonly Operation[],
  initial: Value,
): ModelCounterexample => ({
  model,
  sentence,
  operations: [...others, operation].toSorted((one, other) => one.called - other.called),
  cycle: [],
  verified: history.includes(operation) && verifyImpossible(rule, operation, history, initial),
});

type Names = ReadonlyMap<number, Operation>;

function sentenceOf(cycle: readonly Edge[], byId: Names): string {
  const only = cycle.filter(({ read }) => read !== undefined);
  const [single] = only;
  const stale = only.length === 1 && single !== undefined ? staleSentence(single, cycle, byId) : undefined;
  return stale ?? `No order fits: ${cycle.map((edge) => clause(edge, byId)).join('; ')}.`;
}

const named = (end: number | 'initial', byId: Names): string => {
  const operation = end === 'initial' ? undefined : byId.get(end);
  return operation === undefined ? 'the initial value' : nameOf(operation);
};

const clause = ({ from, to, why }: Edge, byId: Names): string =>
  `${named(from, byId)} comes before ${named(to, byId)}, because ${why}`;

/** One read that saw too old a value, by whatever way it should have known better. */
function staleSentence(edge: Edge, cycle: readonly Edge[], byId: Names): string | undefined {
  const read = byId.get(edge.read ?? -1);
  if (read === undefined) return undefined;
  const rest = cycle.filter((other) => other !== edge);
  if (edge.rule === 'seen-before-source') {
    const newer = named(edge.from, byId);
    const knew = knowledge(edge.because, byId);
    const older = edge.to === 'initial' ? 'was there' : 'came';
    return `${told(read)}, although ${knew(newer)}, and ${named(edge.to, byId)} ${older} before that${route(rest, byId)}.`;
  }
  if (edge.rule === 'not-in-list') {
    const missing = named(edge.to, byId);
    return `${told(read)}, without what ${missing} had put there${route(rest, byId)}.`;
  }
  return undefined;
}

function told({ process, f, key, input, output, node }: Operation): string {
  const at = node === undefined ? '' : ` at node ${node}`;
  const of = (preposition: string): string => (key === null ? '' : ` ${preposition} key ${showKey(key)}`);
  if (f === 'read') return `Process ${process} read ${showValue(output)}${of('from')}${at}`;
  return `Process ${process} did a ${f} of ${isList(input) ? input.map(showValue).join(' to ') : showValue(input)}${of('on')}${at}`;
}

/** How the reader came to know of a write before it read. */
function knowledge(because: readonly Edge[], byId: Names): (newer: string) => string {
  const [first] = because;
  if (because.length === 1 && first?.rule === 'session') {
    return (newer) => `the same process had already done ${newer.replace(/^process -?\d+'s /, 'its ')}`;
  }
  const second = because[1];
  if (because.length === 2 && first?.rule === 'reads-from' && second?.rule === 'session') {
    return (newer) => `it had already observed what ${newer} left`;
  }
  return (newer) => `${newer} came before that read${route(because, byId)}`;
}

/** The stations of a way, but for its ends. */
function route(edges: readonly Edge[], byId: Names): string {
  const stations = edges.slice(1).map(({ from }) => named(from, byId));
  return stations.length === 0 ? '' : ` (by way of ${stations.join(', then ')})`;
}
