/** The operations of one key. They are made when somebody looks at them: most are judged in columns. */
import type { Operation, Value } from '../history/operation.ts';

export interface KeyHistory {
  readonly key: Value;
  /** How many operations there are. */
  readonly size: number;
  /** Those from place to place, by invocation. */
  slice(from: number, to: number): readonly Operation[];
}

export const operationsOf = (history: KeyHistory): readonly Operation[] => history.slice(0, history.size);

export const ready = (key: Value, operations: readonly Operation[]): KeyHistory => ({
  key,
  size: operations.length,
  slice: (from, to) => operations.slice(from, to),
});
