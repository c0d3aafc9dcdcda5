/** What an operation left behind, and what it saw, whatever its function: by key and value. */
import type { Operation, Value } from 'knossos-ts';

export interface Mark {
  readonly key: Value;
  readonly value: Value;
}

type Done = Pick<Operation, 'f' | 'type' | 'key' | 'input' | 'output'>;

/** What the operation leaves behind if it took effect. */
export function writtenBy(operation: Done): readonly Mark[] {
  const { f, key, input } = operation;
  if (isRefused(operation)) return [];
  if (f === 'write' || f === 'insert') return [{ key, value: input }];
  if (f === 'cas') return Array.isArray(input) ? [{ key, value: input[1] as Value }] : [];
  return f === 'txn' ? partsOf(input, 'w') : [];
}

/** Whether it asks for a change, whatever came of it. */
export const isWrite = (operation: Operation): boolean => writtenBy({ ...operation, type: 'info' }).length > 0;

/** What it read; a transaction is answered with values or with `{ value, version }`. */
export function seenBy({ f, type, key, output }: Operation): readonly Mark[] {
  if (type !== 'ok') return [];
  if (f === 'read') return [{ key, value: output }];
  if (f !== 'txn') return [];
  return partsOf(fieldOf(output, 'parts') ?? null, 'r').map(({ key: of, value }) => ({
    key: of,
    value: fieldOf(value, 'value') ?? value,
  }));
}

const results = { cas: 'swapped', insert: 'inserted', txn: 'committed' } as const;

/** Whether the store has said that it did not do it, because of what it holds. */
export function isRefused({ f, type, output }: Pick<Done, 'f' | 'type' | 'output'>): boolean {
  const result = Object.entries(results).find(([name]) => name === f)?.[1];
  return type === 'ok' && result !== undefined && fieldOf(output, result) !== true;
}

const fieldOf = (value: Value, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && name in value ? (value as Record<string, Value>)[name] : undefined;

const partsOf = (parts: Value, wanted: 'r' | 'w'): readonly Mark[] =>
  Array.isArray(parts)
    ? parts.flatMap((part: Value) => {
        const [f, key = null, value = null] = Array.isArray(part) ? (part as readonly Value[]) : [];
        return f === wanted ? [{ key, value }] : [];
      })
    : [];
