/**
 * A text that grows: `get`, `put` a whole text, `append` to it. It is the key-value store of Porcupine's tests, where
 * a key that is not there holds the empty text.
 */
import type { Operation, Value } from '../history/operation.ts';
import { showValue } from '../history/value.ts';
import { malformed, unknownFunction } from './malformed.ts';
import { Rejection, type Model, type Words } from './model.ts';
import { viableText } from './viable.ts';

export const appendString = (initial: Value): Model<string> => ({
  name: 'append-string',
  init: textOf(initial),
  step,
  key: (state) => state,
  readOnly: ({ f }) => f === 'get',
  total: ({ f }) => f !== 'get',
  blind: ({ f }) => f === 'put',
  outlook: viableText,
  describe: showValue,
  words: textWords,
});

function textOf(initial: Value): string {
  if (initial === null) return '';
  if (typeof initial === 'string') return initial;
  throw new Error(`A text begins with a text, not with ${showValue(initial)}`);
}

/** Null, as "not found", is the empty text. */
function text(operation: Operation, value: Value, what: string): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  throw malformed(operation, what, 'a text', value);
}

function step(state: string, operation: Operation): string | Rejection {
  const { f, type, input, output } = operation;
  if (f === 'put') return text(operation, input, 'the input of a put');
  if (f === 'append') return state + text(operation, input, 'the input of an append');
  if (f !== 'get') throw unknownFunction(operation, 'A text', 'get, put and append');
  if (type !== 'ok' || text(operation, output, 'the result of a get') === state) return state;
  return new Rejection(() => `the text is ${shorten(state)} here, and the get saw ${shorten(output)}`);
}

export const textWords: Words = {
  state: 'text',
  noun: ({ f, type, input, output }) =>
    f === 'get' ? (type === 'ok' ? `get of ${shorten(output)}` : 'get') : `${f} of ${shorten(input)}`,
  deed: ({ f, input, output }, on) => {
    if (f === 'get') return `got ${shorten(output)}${on}`;
    return `${f === 'put' ? 'put' : 'appended'} ${shorten(input)}${on}`;
  },
};

/** Texts grow long; what was appended last tells most. */
function shorten(value: Value): string {
  const shown = showValue(value);
  return shown.length <= longest ? shown : `"…${shown.slice(-longest)}`;
}

const longest = 60;
