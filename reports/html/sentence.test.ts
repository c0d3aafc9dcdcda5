import type { Counterexample } from 'knossos-ts';
import { expect, test } from 'vitest';
import { staleReadCounterexample } from '../testing/runs.ts';
import { tell } from '../testing/story.ts';
import { sentenceParts } from './sentence.ts';

const counterexample = staleReadCounterexample();

/** Tokens as `value@process`. */
const tokens = (sentence: string, of: Counterexample = counterexample): readonly string[] =>
  sentenceParts(sentence, of).flatMap((part) =>
    typeof part === 'string' ? [] : [`${part.text}@${part.operation.process}`],
  );

test('values are found, each with the operation of the process that was named last', () => {
  expect(tokens(counterexample.sentence)).toEqual(['41@7', '42@3']);
  expect(tokens('Process 1 wrote 41, process 3 wrote 42, and process 7 read 41.')).toEqual(['41@1', '42@3', '41@7']);
});

test('numbers that are no values stay words', () => {
  expect(tokens('Key 41, node 41, process 41 and 41 ms, 41 operations, 41.5 and n41 are no values.')).toEqual([]);
});

test('the parts, joined, are the sentence', () => {
  for (const sentence of [counterexample.sentence, '', '41', '41 42', 'no value at all']) {
    const parts = sentenceParts(sentence, counterexample);
    expect(parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')).toBe(sentence);
  }
});

test('a read of nothing and what a refused cas was told are values too', () => {
  const { operations } = tell([
    { process: 4, f: 'read', key: '1', output: null, from: 1, to: 2 },
    { process: 5, f: 'cas', key: '1', input: [3, 4], output: { swapped: false, current: 7 }, from: 3, to: 4 },
  ]);
  const of = { ...counterexample, operations, impossible: operations[0]!.id };
  expect(tokens('Process 4 read null from key 1, after process 5 was refused a cas from 3 and told 7.', of)).toEqual([
    'null@4',
    '3@5',
    '7@5',
  ]);
});

test('a value that looks like a pattern is only a value', () => {
  const { operations } = tell([{ process: 4, f: 'write', key: '1', input: '(.*)[$^', from: 1, to: 2 }]);
  expect(tokens('Process 4 wrote "(.*)[$^" there.', { ...counterexample, operations })).toEqual(['"(.*)[$^"@4']);
});
