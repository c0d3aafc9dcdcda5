/**
 * The operations of a history as transactions over versioned registers: `txn`, whose parts read, write and compare
 * versions, all seeing what was there before the transaction; and `read` of one key. A version counts the writes of its
 * key, 0 being a key that nobody has written. A compare that failed is an observation of versions: nothing was written.
 */
import { HistoryError } from '../history/history-error.ts';
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showKey, showValue, valueKey, type ValueKey } from '../history/value.ts';

/** What an operation says about a key. What it does not say is absent. */
export interface Observation {
  readonly key: ValueKey;
  readonly value?: Value;
  readonly version?: number;
}

export interface Write {
  readonly key: ValueKey;
  readonly value: Value;
}

/** Something that happened or may have happened, in one moment. */
export interface Transaction {
  readonly operation: Operation;
  /** Nobody knows whether it happened. */
  readonly open: boolean;
  /** One for each key that it read or compared. */
  readonly observed: readonly Observation[];
  /** One for each key that it writes. */
  readonly writes: readonly Write[];
  /** What it wrote and then wrote over itself. */
  readonly intermediate: readonly Write[];
  /** What it surely did not write, since it failed or was refused. */
  readonly unwritten: readonly Write[];
  /** Why it contradicts itself. */
  readonly flaw?: string;
  /** What it saw and does not say, so that its observations are not all that there are. */
  readonly silence?: string;
}

/** @throws HistoryError on what is neither a read nor a transaction of reads, writes and compares. */
export function transactionOf(operation: Operation): Transaction {
  const { f, type, key, output } = operation;
  if (f === 'read') {
    const observed = type === 'ok' ? [{ key: valueKey(key), value: output }] : [];
    return { operation, open: false, observed, writes: [], intermediate: [], unwritten: [] };
  }
  if (f !== 'txn') throw malformed(operation, 'the function to be read or txn', f);
  const asked = partsOf(operation, operation.input);
  const { writes, intermediate } = writesOf(asked);
  const compared = asked.flatMap(({ f: what, key: of, value }) =>
    what === 'c' ? [{ key: of, version: Number(value) }] : [],
  );
  const nothing = { operation, open: false, observed: [], writes: [], intermediate: [], unwritten: writes };
  if (type === 'fail') return nothing;
  if (type === 'info') return { ...nothing, ...merged(compared), open: true, writes, intermediate, unwritten: [] };
  if (isRefusal(output)) return { ...nothing, ...refused(operation, compared, output['current']) };
  const answered = partsOf(operation, hasParts(output) ? output['parts'] : output);
  const reads = answered.flatMap(({ f: what, key: of, value }) => (what === 'r' ? [seenIn(of, value)] : []));
  const isAnswered = asked.every(({ f: what, key: of }) => what !== 'r' || reads.some(({ key: seen }) => seen === of));
  return {
    ...nothing,
    ...merged([...compared, ...reads]),
    ...(isAnswered ? {} : { silence: 'a transaction was committed without saying all that it read' }),
    writes,
    intermediate,
    unwritten: [],
  };
}

/**
 * The versions that a refused transaction was told. One at least of those that it compared must be another, which may be
 * one that it was not told.
 */
function refused(
  operation: Operation,
  compared: readonly Observation[],
  current: Value | undefined,
): Pick<Transaction, 'observed' | 'flaw' | 'silence'> {
  const told =
    current === undefined ? [] : partsOf(operation, current).map(({ key, value }) => ({ key, version: Number(value) }));
  const known = compared.filter(({ key }) => told.some((one) => one.key === key));
  if (known.some(({ key, version }) => told.some((one) => one.key === key && one.version !== version)))
    return merged(told);
  if (known.length < compared.length || current === undefined)
    return { ...merged(told), silence: 'a transaction was refused without saying for which versions' };
  return { ...merged(told), flaw: 'it was refused although every version that it compared was there' };
}

interface Part {
  readonly f: string;
  readonly key: ValueKey;
  readonly value: Value;
}

function partsOf(operation: Operation, value: Value | undefined): readonly Part[] {
  if (value === undefined || !isList(value)) throw malformed(operation, 'a list of parts', value ?? null);
  return value.map((part) => {
    const [f = null, key = null, data = null] = isList(part) ? part : [];
    if (f !== 'r' && f !== 'w' && f !== 'c')
      throw malformed(operation, 'a part to be ["r" | "w" | "c", key, ...]', part);
    if (f === 'c' && !(Number.isSafeInteger(data) && Number(data) >= 0))
      throw malformed(operation, 'a compare to name a version, a whole number from 0', part);
    return { f, key: valueKey(key), value: data };
  });
}

function writesOf(parts: readonly Part[]): Pick<Transaction, 'writes' | 'intermediate'> {
  const written = parts.filter(({ f }) => f === 'w');
  const isLast = (part: Part, place: number): boolean => written.findLastIndex(({ key }) => key === part.key) === place;
  return {
    writes: written.filter(isLast),
    intermediate: written.filter((part, place) => !isLast(part, place)),
  };
}

/** A read is answered with the value, or with `{ value, version }`. */
function seenIn(key: ValueKey, seen: Value): Observation {
  if (typeof seen !== 'object' || seen === null || isList(seen)) return { key, value: seen };
  const { value, version } = seen;
  const isVersioned = Object.keys(seen).length === 2 && value !== undefined && typeof version === 'number';
  return isVersioned ? { key, value, version } : { key, value: seen };
}

/** All parts see the same state, so that what they say about a key must agree. */
function merged(all: readonly Observation[]): Pick<Transaction, 'observed' | 'flaw'> {
  const observed = new Map<ValueKey, Observation>();
  let flaw: string | undefined;
  for (const one of all) {
    const known = observed.get(one.key);
    if (known !== undefined && !agrees(known, one)) flaw = 'it saw two different states of one key at once';
    observed.set(one.key, { ...known, ...one });
  }
  return { observed: [...observed.values()], ...(flaw === undefined ? {} : { flaw }) };
}

const agrees = (one: Observation, other: Observation): boolean =>
  (one.version === undefined || other.version === undefined || one.version === other.version) &&
  (one.value === undefined || other.value === undefined || sameValue(one.value, other.value));

const hasParts = (value: Value): value is { readonly parts: Value } =>
  typeof value === 'object' && value !== null && 'parts' in value;

const isRefusal = (value: Value): value is { readonly committed: false; readonly current?: Value } =>
  typeof value === 'object' && value !== null && 'committed' in value && value.committed === false;

const malformed = (operation: Operation, expected: string, found: Value): HistoryError =>
  new HistoryError(
    `Event ${operation.id}: expected ${expected}, found ${showValue(found)} (key ${showKey(operation.key)})`,
    { index: operation.id },
  );
