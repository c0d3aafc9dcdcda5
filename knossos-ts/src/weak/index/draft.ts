/** Operations on their way to vertices: what each observed and left behind, by numbers of keys and values. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, showKey, showValue, valueKey, type ValueKey } from '../../history/value.ts';
import { casInput, casResult } from '../../models/register-values.ts';
import type { Impossible, Indexed } from './history-index.ts';

export interface Draft {
  readonly operation: Operation;
  readonly key: number;
  /** Undefined where nothing is observed. A list is observed as the whole. */
  readonly observed: Value | undefined;
  readonly produced: Value | undefined;
  /** The value that a refused cas proved not to be there, where it does not say which one was. */
  readonly absent: Value | undefined;
}

/** Thrown inside the building of an index, and turned into its result there. */
export class Finding extends Error {
  readonly found: Exclude<Indexed, { kind: 'indexed' }>;

  constructor(found: Exclude<Indexed, { kind: 'indexed' }>) {
    super(found.kind);
    this.found = found;
  }
}

export const impossible = (
  rule: Impossible['rule'],
  operation: Operation,
  others: readonly Operation[],
  sentence: string,
): Finding => new Finding({ kind: 'impossible', impossible: { rule, operation, others, sentence } });

export class KeyNumbers {
  readonly values: Value[] = [];
  readonly #numbers = new Map<ValueKey, number>();

  of(key: Value): number {
    const name = valueKey(key);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.values.length);
    return this.values.push(key) - 1;
  }
}

/** Undefined for what says nothing: fails and reads without a result. */
export function draftOf(operation: Operation, keys: KeyNumbers, isOfLists: boolean): Draft | undefined {
  const { type, f } = operation;
  if (type === 'fail' || (f === 'read' && type !== 'ok')) return undefined;
  // What a write or a cas makes of a list that others append to is nowhere said.
  if (isOfLists && f !== 'read' && f !== 'append') {
    throw new Error(`Expected read or append, as lists have, found ${f} in operation ${operation.id}`);
  }
  const key = keys.of(operation.key);
  if (f === 'read') return { operation, key, observed: operation.output, produced: undefined, absent: undefined };
  if (f === 'write' || f === 'append') {
    return { operation, key, observed: undefined, produced: operation.input, absent: undefined };
  }
  if (f === 'cas') return compared(operation, key);
  throw new Error(`Expected read, write, cas or append, found ${f} in operation ${operation.id}`);
}

function compared(operation: Operation, key: number): Draft {
  const [from, to] = casInput(operation);
  const result = casResult(operation);
  if (result?.swapped !== false) {
    // A swap of a value for itself changes nothing: it is a read.
    const produced = sameValue(from, to) ? undefined : to;
    return { operation, key, observed: from, produced, absent: undefined };
  }
  const { current } = result;
  if (current === undefined) return { operation, key, observed: undefined, produced: undefined, absent: from };
  if (sameValue(current, from)) {
    const sentence = `Process ${operation.process} was refused a cas from ${showValue(from)} on key ${showKey(operation.key)} and told that the value was ${showValue(current)}, which is the one that it expected.`;
    throw impossible('contradiction', operation, [], sentence);
  }
  return { operation, key, observed: current, produced: undefined, absent: undefined };
}

/** The elements of a list that was read. "Not found" is the empty list. */
export function elementsOf(operation: Operation): readonly Value[] {
  const { output } = operation;
  if (output === null) return [];
  if (isList(output)) return output;
  throw new Error(`Operation ${operation.id}: expected a list, found ${showValue(output)}`);
}
