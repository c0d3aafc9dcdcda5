/**
 * When two values are the same, and how they are shown. A value is identified by a key that can be compared with
 * `===`: small numbers stand for themselves, so that the common case costs nothing.
 */
import type { Value } from './operation.ts';

export type ValueKey = string | number;

/** Equal for equal values only. Objects are compared without regard to the order of their fields. */
export function valueKey(value: Value): ValueKey {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return `"${value}`;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}n`;
  return typeof value === 'object' && value !== null ? structureKey(value) : String(value);
}

export const sameValue = (one: Value, other: Value): boolean =>
  one === other || (typeof one !== 'number' && valueKey(one) === valueKey(other)) || looselySame(one, other);

/** A number and a bigint of the same size are the same value. */
const looselySame = (one: Value, other: Value): boolean =>
  typeof one === 'number' && typeof other === 'bigint' && valueKey(other) === one;

function structureKey(value: readonly Value[] | { readonly [name: string]: Value }): string {
  if (isList(value)) return `[${value.map(nestedKey).join(',')}]`;
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${nestedKey(value[name] ?? null)}`).join(',')}}`;
}

/** Inside a structure a text must be closed, or it could be read on into its neighbour. */
const nestedKey = (value: Value): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(valueKey(value));

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** For people: as JSON, but a bigint as its digits. */
export function showValue(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(showValue).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${JSON.stringify(name)}: ${showValue(field)}`)
    .join(', ')}}`;
}

/** A key is a name: a text is shown without quotes. */
export const showKey = (key: Value): string => (typeof key === 'string' ? key : showValue(key));
