/**
 * Tries every order of a few operations. Slow and simple on purpose: it shares nothing with the engines but the model,
 * so that what they say can be checked against it (the search of Wing & Gong 1993, remembering what failed).
 */
import type { Operation } from '../history/operation.ts';
import { Rejection, type Model } from '../models/model.ts';

/** The most operations that are tried. */
export const bruteForceLimit = 12;

/** Does some legal order hold all ok operations, and any of the info ones? At most 30 operations. */
export function hasLegalOrder<S>(model: Model<S>, history: readonly Operation[]): boolean {
  const operations = history.filter((operation) => operation.type !== 'fail');
  if (operations.length > 30) throw new Error(`Too many operations for brute force: ${operations.length}`);
  let needed = 0;
  for (const [index, operation] of operations.entries()) if (operation.type === 'ok') needed |= 1 << index;
  const failed = new Set<string>();
  const extend = (placed: number, state: S): boolean => {
    if ((placed & needed) === needed) return true;
    const key = `${placed} ${model.key(state)}`;
    if (failed.has(key)) return false;
    failed.add(key);
    for (const [index, operation] of operations.entries()) {
      if ((placed & (1 << index)) !== 0 || !mayBeNext(operations, placed, operation)) continue;
      if (operation.type === 'info' && operation.f === 'read') continue;
      const next = model.step(state, operation);
      if (!(next instanceof Rejection) && extend(placed | (1 << index), next)) return true;
    }
    return false;
  };
  return extend(0, model.init);
}

/** Nothing that is not placed yet returned before the operation was called. */
const mayBeNext = (operations: readonly Operation[], placed: number, operation: Operation): boolean =>
  operations.every((other, index) => (placed & (1 << index)) !== 0 || other.returned >= operation.called);
