/**
 * Makes a history that no order explains small, and keeps it so. Only such removals are tried as leave every legal
 * history legal: a value with all its operations, or an operation that changes nothing. Removing a lone write instead
 * would make up reads from nowhere. The order of attempts is that of delta debugging (Zeller & Hildebrandt 2002).
 */
import { searchFor } from '../engines/search.ts';
import type { Operation } from '../history/operation.ts';
import type { Model } from '../models/model.ts';
import { seesAbsence } from '../models/register-values.ts';
import { inPieces } from './pieces.ts';
import { ValueBlocks } from './value-blocks.ts';

/** What the oracle may spend on one question, by the count of the search; undecided counts as legal. */
const workPerQuestion = 1_000_000;
/** What all questions may cost together: some seconds. After that what is left is not made smaller. */
const workInAll = 60_000_000;

/** What is called last is tried alone first, so much of it: a long history mostly goes wrong by what is near its end. */
const lastCalls = [50, 1_000, 20_000];

/**
 * `at`: no order of what was called before it returned is legal. `onSmaller` is told what is illegal so far. Yields
 * after each bounded piece of work.
 */
export function* shrink(
  model: Model<unknown>,
  history: readonly Operation[],
  at: Operation,
  onSmaller: (kept: readonly Operation[]) => void,
): Generator<void, readonly Operation[]> {
  const oracle = new Oracle(model, onSmaller);
  const window = history
    .filter(({ type, called }) => type !== 'fail' && called <= at.returned)
    .map((operation) => (operation.returned > at.returned ? pending(operation) : operation))
    .filter((operation) => operation.type === 'ok' || !oracle.isReadOnly(operation));
  yield;
  const rough = yield* dropAll(oracle, model.relevant?.(window) ?? window, at);
  const needed = new Set((model.relevant?.(rough) ?? rough).map(({ id }) => id));
  const whole = history.filter(({ id }) => needed.has(id));
  // What returned after `at` is held to its result again, which may make others superfluous. Where nothing did, all of
  // these have been asked about.
  if (whole.every(({ type, returned }) => type !== 'ok' || returned <= at.returned)) return whole;
  const kept = yield* dropAll(oracle, whole, at);
  return model.relevant?.(kept) ?? kept;
}

/**
 * What returns later may yet do anything. It must not be held to its result: what explains that may not be called yet.
 */
const pending = (operation: Operation): Operation => ({
  ...operation,
  type: 'info',
  output: null,
  returned: Infinity,
});

/** Every kind of removal once. None makes room for another: what is needed stays so when there is less. */
function* dropAll(oracle: Oracle, history: readonly Operation[], at: Operation): Generator<void, readonly Operation[]> {
  let kept = history;
  if (oracle.isRegister) kept = yield* dropUnits(oracle, history, history.filter(seesAbsence), itself);
  if (oracle.isRegister && !kept.some(seesAbsence)) {
    kept = yield* keepLast(oracle, kept, at);
    yield;
    const values = new ValueBlocks(kept);
    kept = yield* dropUnits(oracle, kept, values.all, (some) => values.blockOf(some));
  }
  return yield* dropUnits(oracle, kept, kept.filter(oracle.isReadOnly), itself);
}

/** Drops all values but those of the last calls and of `at`, where that will do. */
function* keepLast(
  oracle: Oracle,
  history: readonly Operation[],
  at: Operation,
): Generator<void, readonly Operation[]> {
  for (const calls of lastCalls) {
    if (calls * 2 > history.length) return history;
    const values = new ValueBlocks(history);
    const near = new ValueBlocks([...history.slice(-calls), ...history.filter(({ id }) => id === at.id)]);
    const wanted = new Set(near.all);
    const block = values.blockOf(values.all.filter((value) => !wanted.has(value)));
    const candidate = history.filter((operation) => !block.has(operation));
    yield;
    if (yield* oracle.isIllegal(candidate)) return candidate;
  }
  return history;
}

const itself = (operations: readonly Operation[]): ReadonlySet<Operation> => new Set(operations);

/** Drops as many units as possible: halves first, then quarters, down to single ones. */
function* dropUnits<Unit>(
  oracle: Oracle,
  history: readonly Operation[],
  units: readonly Unit[],
  operationsOf: (units: readonly Unit[]) => ReadonlySet<Operation>,
): Generator<void, readonly Operation[]> {
  let kept = history;
  let left = units;
  for (let size = Math.ceil(units.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    const needed: Unit[] = [];
    for (let from = 0; from < left.length; from += size) {
      if (oracle.isSpent) return kept;
      const chunk = left.slice(from, from + size);
      const block = operationsOf(chunk);
      const candidate = kept.filter((operation) => !block.has(operation));
      oracle.charge(kept.length + block.size);
      if (candidate.length < kept.length && (yield* oracle.isIllegal(candidate))) kept = candidate;
      else for (const unit of chunk) needed.push(unit);
    }
    left = needed;
  }
  return kept;
}

/** Says whether a history is illegal, until it has worked enough. */
class Oracle {
  readonly #model: Model<unknown>;
  readonly #onSmaller: (kept: readonly Operation[]) => void;
  #left = workInAll;

  constructor(model: Model<unknown>, onSmaller: (kept: readonly Operation[]) => void) {
    this.#model = model;
    this.#onSmaller = onSmaller;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  readonly isReadOnly = (operation: Operation): boolean => this.#model.readOnly?.(operation) === true;

  get isRegister(): boolean {
    return this.#model.isRegister === true;
  }

  charge(work: number): void {
    this.#left -= work;
  }

  *isIllegal(history: readonly Operation[]): Generator<void, boolean> {
    const search = searchFor(this.#model, history);
    const result = yield* inPieces(search, workPerQuestion);
    this.charge(search.work);
    if (result?.legal !== false) return false;
    this.#onSmaller(history);
    return true;
  }
}
