/** How transactions, keys and versions are called in sentences. */
import type { Operation } from '../history/operation.ts';
import { showValue, type ValueKey } from '../history/value.ts';
import type { Version } from './sources.ts';
import type { Observation, Transaction } from './transaction.ts';

/** A key is a name: a text is shown without quotes. */
export const nameOfKey = (key: ValueKey): string =>
  typeof key === 'string' && key.startsWith('"') ? key.slice(1) : `${key}`;

/** `alice and bob`, `alice, bob and carol`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** `process 3's transaction #12, which wrote alice and bob`: ids tell two of one process apart. */
export function nameOf({ operation, writes, observed }: Transaction): string {
  const { process, f, id } = operation;
  if (f === 'read') return `process ${process}'s read #${id} of ${listed(observed.map(({ key }) => nameOfKey(key)))}`;
  return writes.length === 0
    ? `process ${process}'s transaction #${id}`
    : `process ${process}'s transaction #${id} (which writes ${listed(writes.map(({ key }) => nameOfKey(key)))})`;
}

export const called = (version: Version): string => {
  const what = version.number === null ? showValue(version.value) : `version ${version.number}`;
  return `${what} of ${nameOfKey(version.key)}`;
};

export function sight({ key, value, version }: Observation): string {
  const number = version === undefined ? '' : `version ${version}`;
  if (value === undefined) return `${number} of ${nameOfKey(key)}`;
  return `${showValue(value)}${number === '' ? '' : `, as ${number},`} in ${nameOfKey(key)}`;
}

/** How long the one was over when the other began: `431 ms`. */
export function between(first: Operation, second: Operation): string {
  const milliseconds = (second.invokedAt - first.completedAt) / 1e6;
  return milliseconds < 1 ? 'just' : `${Math.round(milliseconds)} ms`;
}

/** With a capital letter and a full stop. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
