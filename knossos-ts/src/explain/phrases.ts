/** Operations in words. A value is shown as it is, since it is a name; what is counted or measured is grouped. */
import type { Operation, Value } from '../history/operation.ts';
import { isList, showKey, showValue } from '../history/value.ts';
import { refusal, type Refusal } from '../models/register-values.ts';
import type { Words } from '../models/model.ts';
import { duration } from './words.ts';

/** `write of 42`, `read of 41`, `cas from 41 to 42`: after "the" or "process 7's". */
export function noun(operation: Operation, words?: Words): string {
  if (words !== undefined) return words.noun(operation);
  const { f, input, output, type } = operation;
  if (f === 'read') return type === 'ok' ? `read of ${showValue(output)}` : 'read';
  if (f === 'write') return `write of ${showValue(input)}`;
  if (isInsert(operation)) return `${refusal(operation) === undefined ? '' : 'refused '}insert of ${showValue(input)}`;
  if (f !== 'cas' || !isList(input)) return f;
  return `${refusal(operation) === undefined ? '' : 'refused '}cas from ${showPart(input, 0)} to ${showPart(input, 1)}`;
}

export const whose = (operation: Operation, words?: Words): string =>
  `process ${operation.process}'s ${noun(operation, words)}`;

/** What it did, after "process 7": `read 41 from key 17 at node n1`. */
export function deed(operation: Operation, words?: Words): string {
  const { f, key, input, output, node } = operation;
  if (words !== undefined) return words.deed(operation, place(operation));
  const at = node === undefined ? '' : ` at node ${node}`;
  const named = key === null ? '' : `key ${showKey(key)}`;
  if (f === 'read') return `read ${showValue(output)}${named && ` from ${named}`}${at}`;
  if (f === 'write') return `wrote ${showValue(input)}${named && ` to ${named}`}${at}`;
  if (isInsert(operation)) return insertDeed(operation, named && ` at ${named}`, at);
  if (f === 'delete' && input === null) return `deleted ${named || 'the value'}${at}`;
  if (f !== 'cas' || !isList(input)) return `called ${f}${named && ` on ${named}`}${at}`;
  const refused = refusal(operation);
  const [from, to] = [showPart(input, 0), showPart(input, 1)];
  if (refused === undefined) return `swapped ${from} for ${to}${named && ` on ${named}`}${at}`;
  return `was refused a cas from ${from}${named && ` on ${named}`}${at}${toldBy(refused)}`;
}

function insertDeed(operation: Operation, on: string, at: string): string {
  const refused = refusal(operation);
  const shown = showValue(operation.input);
  if (refused === undefined) return `inserted ${shown}${on}${at}`;
  return `was refused an insert of ${shown}${on}${at}${toldBy(refused)}`;
}

const toldBy = ({ current }: Refusal): string =>
  current === undefined ? '' : ` and told that the value was ${showValue(current)}`;

/** That of a register. A model of somebody else's may have an insert with other results, and without words for it. */
const isInsert = ({ f, type, output }: Operation): boolean =>
  f === 'insert' &&
  (type !== 'ok' ||
    (typeof output === 'object' && output !== null && !isList(output) && typeof output['inserted'] === 'boolean'));

/** ` on key 17 at node n1`, or as much of it as there is. */
export const place = ({ key, node }: Operation): string =>
  `${key === null ? '' : ` on key ${showKey(key)}`}${node === undefined ? '' : ` at node ${node}`}`;

/** What it knew once it had returned, after "process 3": `had been told that 42 was written`. `when`: ` 431 ms before`. */
export function knowledge(operation: Operation, when = ''): string {
  const { f, input, output } = operation;
  if (f === 'read') return `had read ${showValue(output)}${when}`;
  if (f === 'write') return `had been told${when} that ${showValue(input)} was written`;
  if (isInsert(operation) && refusal(operation) === undefined) {
    return `had been told${when} that ${showValue(input)} was inserted`;
  }
  if (f === 'delete' && input === null) return `had been told${when} that the value was deleted`;
  const refused = refusal(operation);
  if (refused?.current !== undefined) {
    return `had been told${when} by a refused ${f} that the value was ${showValue(refused.current)}`;
  }
  return isList(input)
    ? `had been told${when} that its cas swapped ${showPart(input, 0)} for ${showPart(input, 1)}`
    : `had completed ${f}${when}`;
}

/** `431 ms after`, or only `after` where the times are too close to tell. */
export function gap(before: number, after: number, word: string): string {
  const length = after - before;
  return Number.isFinite(length) && length >= 1_000 ? `${duration(length)} ${word}` : word;
}

const showPart = (input: readonly Value[], index: number): string => showValue(input[index] ?? null);
