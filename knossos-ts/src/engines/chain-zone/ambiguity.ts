/**
 * What is left out where values are not unique: each value that is made more than once (the initial one counts as made)
 * and met by somebody, whatever a cas made from it, and every operation that has to do with one of them. A value that
 * nobody met does no harm; each making of it is taken for a value of its own.
 */
import { absent, type RegisterLog } from './register-log.ts';

export interface Ambiguity {
  /** By operation: 1 where it is left out. */
  readonly operations: Uint8Array;
  /** By value. */
  readonly values: Uint8Array;
}

/** Undefined when only values are made twice that nobody met: the log is then changed so that they are unique. */
export function findAmbiguous(log: RegisterLog): Ambiguity | undefined {
  const { size, produced, observed } = log;
  const isMet = new Uint8Array(log.values);
  for (let operation = 0; operation < size; operation++) {
    if ((observed[operation] as number) >= 0) isMet[observed[operation] as number] = 1;
  }
  const isMade = new Uint8Array(log.values);
  isMade[log.initial] = 1;
  const values = new Uint8Array(log.values + size);
  let found = false;
  for (let operation = 0; operation < size; operation++) {
    const value = produced[operation] as number;
    if (value < 0) continue;
    if (isMade[value] === 0) isMade[value] = 1;
    else if (isMet[value] === 0) produced[operation] = log.addValue(log.codes[value] as number);
    else {
      values[value] = 1;
      found = true;
    }
  }
  return found ? { values, operations: leaveOut(log, values) } : undefined;
}

/** Marks the operations, and the values that were made from ambiguous ones. */
function leaveOut(log: RegisterLog, values: Uint8Array): Uint8Array {
  const { size, produced, observed } = log;
  const madeFrom = new Int32Array(log.values).fill(absent);
  const sibling = new Int32Array(size).fill(absent);
  for (let operation = 0; operation < size; operation++) {
    const from = observed[operation] as number;
    if (from < 0 || (produced[operation] as number) < 0) continue;
    sibling[operation] = madeFrom[from] as number;
    madeFrom[from] = operation;
  }
  const open: number[] = [];
  for (let value = 0; value < log.values; value++) if (values[value] === 1) open.push(value);
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    for (let cas = madeFrom[value] as number; cas !== absent; cas = sibling[cas] as number) {
      const made = produced[cas] as number;
      if (values[made] === 1) continue;
      values[made] = 1;
      open.push(made);
    }
  }
  const operations = new Uint8Array(size);
  for (let operation = 0; operation < size; operation++) {
    const [met, left] = [observed[operation] as number, produced[operation] as number];
    if ((met >= 0 && values[met] === 1) || (left >= 0 && values[left] === 1)) operations[operation] = 1;
  }
  return operations;
}
