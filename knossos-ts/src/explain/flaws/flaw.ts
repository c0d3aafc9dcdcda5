/**
 * Violations that can be seen without any search: a few operations that no legal history holds, whatever else it holds.
 * Each kind has conditions, judged on the whole history, under which its sentence is true and its operations have no
 * legal order. Where one is found nothing needs to be searched.
 */
import type { Operation } from '../../history/operation.ts';

export interface Flaw {
  /** One English sentence. */
  readonly sentence: string;
  /** Few, and without a legal order. */
  readonly operations: readonly Operation[];
  /** The one that the sentence accuses. */
  readonly subject: Operation;
}

export const isOk = ({ type }: Operation): boolean => type === 'ok';

export const mayHaveHappened = ({ type }: Operation): boolean => type !== 'fail';

/** The one that is over first. */
export const first = (operations: readonly Operation[]): Operation | undefined =>
  operations.reduce<Operation | undefined>(
    (best, one) => (best === undefined || one.returned < best.returned ? one : best),
    undefined,
  );

/** May have been in progress, or have taken effect, after `since` was called and before `until` returned. */
export const mayComeBetween = (one: Operation, since: Operation, until: Operation): boolean =>
  one.called <= until.returned && one.returned >= since.called;

/** Lists by what an operation is about; those that are about nothing are left out. */
export function groupedBy<K>(
  operations: readonly Operation[],
  of: (operation: Operation) => K | undefined,
): Map<K, Operation[]> {
  const groups = new Map<K, Operation[]>();
  for (const operation of operations) {
    const name = of(operation);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [operation]);
    else group.push(operation);
  }
  return groups;
}
