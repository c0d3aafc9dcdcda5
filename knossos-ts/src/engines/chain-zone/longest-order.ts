/** How far a legal order gets in a proof that is too long to try all orders of. */
import type { Operation, Value } from '../../history/operation.ts';
import { Rejection, type Model } from '../../models/model.ts';
import { searchFor } from '../search.ts';

/** By the count of the search: some tenths of a second. */
const work = 1_000_000;

export interface LongestOrder {
  readonly operations: readonly Operation[];
  readonly refused: Operation;
  readonly why: string;
}

/** `accused` is refused where the search does not get to an end. */
export function longestOrder(model: Model<Value>, operations: readonly Operation[], accused: Operation): LongestOrder {
  const search = searchFor(model, operations);
  const result = search.advance(work);
  const order = search.order(work) ?? [];
  const refused = result?.legal === false ? result.at : accused;
  let state = model.init;
  for (const operation of order) {
    const next = model.step(state, operation);
    if (!(next instanceof Rejection)) state = next;
  }
  const next = model.step(state, refused);
  const why = next instanceof Rejection ? next.reason : 'every way to let it happen ends here';
  return { operations: order.filter((operation) => operation !== refused), refused, why };
}
