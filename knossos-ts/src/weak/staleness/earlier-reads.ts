/** Moves the beginnings of some operations back in time, and numbers the positions anew. */
import type { Operation } from '../../history/operation.ts';

interface Point {
  readonly operation: Operation;
  readonly time: number;
  /** Of points of one time, beginnings come first, and then the order of the history decides. */
  readonly isEnd: boolean;
  readonly position: number;
}

/** `delta` in nanoseconds. Sessions are no longer kept: each operation counts for itself, as linearizability has it. */
export function withEarlierReads(
  operations: readonly Operation[],
  delta: number,
  isMoved: (operation: Operation) => boolean,
): Operation[] {
  const points: Point[] = operations.flatMap((operation) => {
    const moved = delta > 0 && isMoved(operation) ? delta : 0;
    const begin = { operation, time: operation.invokedAt - moved, isEnd: false, position: operation.called };
    if (operation.returned === Infinity) return [begin];
    return [begin, { operation, time: operation.completedAt, isEnd: true, position: operation.returned }];
  });
  if (delta > 0)
    points.sort(
      (one, other) => one.time - other.time || Number(one.isEnd) - Number(other.isEnd) || one.position - other.position,
    );
  else points.sort((one, other) => one.position - other.position);
  const called = new Map<Operation, number>();
  const returned = new Map<Operation, number>();
  points.forEach(({ operation, isEnd }, position) => (isEnd ? returned : called).set(operation, position));
  return operations
    .map((operation) => ({
      ...operation,
      called: called.get(operation) as number,
      returned: returned.get(operation) ?? Infinity,
    }))
    .toSorted((one, other) => one.called - other.called);
}
