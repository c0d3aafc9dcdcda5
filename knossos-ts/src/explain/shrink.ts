/**
 * Makes an illegal history small, keeping it illegal (delta debugging, Zeller & Hildebrandt 2002, with the search as
 * the oracle). Only such removals are tried as would keep a legal history legal, so that what remains is a proof for
 * the whole. A read-only operation may always go. A value may go with all that produces or observes it, and with the
 * values that a cas made from it: in a legal order these fill whole stretches between two others. That does not hold
 * while some operation observes an absence, which might be true in such a stretch only; then values stay.
 */
import { searchFor } from '../engines/search.ts';
import type { Operation, Value } from '../history/operation.ts';
import type { Model } from '../models/model.ts';
import { seesAbsence } from '../models/register-values.ts';
import { ValueBlocks } from './value-blocks.ts';

/** What the oracle may spend on one question, in steps of the search; undecided counts as legal. */
const stepsPerQuestion = 50_000;
const stepsPerPiece = 2_000;

/** `at`: no order of what was called before it returned is legal. Yields after each bounded piece of work. */
export function* shrink(
  model: Model<Value>,
  history: readonly Operation[],
  at: Operation,
): Generator<void, readonly Operation[]> {
  const window = history
    .filter(({ type, called }) => type !== 'fail' && called <= at.returned)
    .map((operation) => (operation.returned > at.returned ? pending(operation) : operation))
    .filter(({ type, f }) => type === 'ok' || f !== 'read');
  let kept: readonly Operation[] = model.relevant?.(window) ?? window;
  kept = yield* dropUnits(model, kept, kept.filter(seesAbsence), itself);
  if (!kept.some(seesAbsence)) {
    const values = new ValueBlocks(kept);
    kept = yield* dropUnits(model, kept, values.all, (some) => values.blockOf(some));
  }
  kept = yield* dropUnits(
    model,
    kept,
    kept.filter((operation) => model.readOnly?.(operation) === true),
    itself,
  );
  const needed = new Set((model.relevant?.(kept) ?? kept).map(({ id }) => id));
  return history.filter(({ id }) => needed.has(id));
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

const itself = (operations: readonly Operation[]): ReadonlySet<Operation> => new Set(operations);

/** Drops as many units as possible: halves first, then quarters, down to single ones. */
function* dropUnits<Unit>(
  model: Model<Value>,
  history: readonly Operation[],
  units: readonly Unit[],
  operationsOf: (units: readonly Unit[]) => ReadonlySet<Operation>,
): Generator<void, readonly Operation[]> {
  let kept = history;
  let left = units;
  for (let size = Math.ceil(units.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    const needed: Unit[] = [];
    for (let from = 0; from < left.length; from += size) {
      const chunk = left.slice(from, from + size);
      const block = operationsOf(chunk);
      const candidate = kept.filter((operation) => !block.has(operation));
      if (candidate.length < kept.length && (yield* isIllegal(model, candidate))) kept = candidate;
      else needed.push(...chunk);
    }
    left = needed;
  }
  return kept;
}

function* isIllegal(model: Model<Value>, history: readonly Operation[]): Generator<void, boolean> {
  const search = searchFor(model, history);
  for (let spent = 0; spent < stepsPerQuestion; spent += stepsPerPiece) {
    const result = search.advance(stepsPerPiece);
    yield;
    if (result !== undefined) return !result.legal;
  }
  return false;
}
