import { expect, test } from 'vitest';
import { checkSync } from '../../check/check.ts';
import type { HistoryEvent, Value } from '../../history/operation.ts';
import { Script } from '../../testing/script.ts';
import type { Verdict } from '../../verdict.ts';

function judged(events: readonly HistoryEvent[], initial: Value = null): Verdict {
  const [key] = checkSync(events, { model: 'list-append', witness: true, initial }).keys;
  expect(key?.engine).toBe('list-append');
  return key?.verdict as Verdict;
}

function sentenceOf(events: readonly HistoryEvent[], initial: Value = null): string {
  const verdict = judged(events, initial);
  if (verdict.valid !== false) return `It is ${verdict.valid}`;
  expect(verdict.counterexample.verified).toBe(true);
  return verdict.counterexample.sentence;
}

/** Elements from 0, each appended and then read with all before it. */
function growing(length: number): Script {
  const script = new Script();
  const list: number[] = [];
  for (let element = 0; element < length; element++) {
    list.push(element);
    script.does(1, 'append', element, null).does(2, 'read', null, [...list]);
  }
  return script;
}

test('reads tell the order of appends, and an append that nobody saw comes last', () => {
  const script = new Script().invoke(1, 'append', 1).invoke(2, 'append', 2).invoke(3, 'append', 3);
  const { events } = script.does(4, 'read', null, [2, 1]).ok(1, 'append').ok(2, 'append').ok(3, 'append');

  expect(judged(events)).toEqual({ valid: true, witness: [1, 0, 3, 2] });
});

test('an append of unknown outcome may have happened or not, but not before it was called', () => {
  const unknown = new Script().invoke(1, 'append', 1).info(1, 'append');

  expect(judged(unknown.does(2, 'read', null, null).events)).toEqual({ valid: true, witness: [2] });
  expect(judged(unknown.does(2, 'read', null, [1]).events)).toEqual({ valid: true, witness: [2, 0, 4] });
  expect(sentenceOf(new Script().does(2, 'read', null, [1]).invoke(1, 'append', 1).events)).toBe(
    "Process 2 read [1] on key 17, 1 ms before process 1's append of 1 began.",
  );
});

const flaws: readonly (readonly [string, Script, string])[] = [
  [
    'an element from nowhere',
    new Script().does(1, 'append', 1, null).does(2, 'read', null, [1, 9]),
    'Process 2 read [1, 9] from key 17 with 9 in it, but nothing that can have appended 9 took effect.',
  ],
  [
    'an element twice',
    new Script().does(1, 'append', 1, null).does(2, 'read', null, [1, 1]),
    'Process 2 read [1, 1] from key 17 with 1 in it twice, although that was appended once.',
  ],
  [
    'two orders',
    new Script()
      .invoke(1, 'append', 1)
      .invoke(2, 'append', 2)
      .does(3, 'read', null, [1, 2])
      .does(4, 'read', null, [2])
      .ok(1, 'append')
      .ok(2, 'append'),
    'Process 4 read [2] from key 17 and process 3 read [1, 2]: neither continues the other, as element 1 is 2 in the one and 1 in the other.',
  ],
  [
    'a lost append',
    new Script().does(1, 'append', 1, null).does(2, 'read', null, []),
    'Process 2 read [] from key 17, 1 ms after process 1 had been told that 1 was appended.',
  ],
  [
    'a long stale read',
    growing(100).does(9, 'read', null, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
    'Process 9 read a list of 9 elements up to 8 from key 17, 363 ms after process 1 had been told that 9 was appended.',
  ],
];

test.each(flaws)('%s', (_, { events }, sentence) => {
  expect(sentenceOf(events)).toBe(sentence);
});

test('a list may begin with something', () => {
  const { events } = new Script().does(1, 'append', 1, null).does(2, 'read', null, [7, 1]);

  expect(judged(events, [7])).toEqual({ valid: true, witness: [0, 2] });
  expect(sentenceOf(events, [8])).toBe(
    'Process 2 read [7, 1] from key 17, which does not begin with what was there at the beginning.',
  );
});

test('what was appended twice is left to the search, and so are transactions', () => {
  const twice = new Script().does(1, 'append', 1, null).does(1, 'append', 1, null).does(2, 'read', null, [1, 1]);
  const transaction = new Script().does(1, 'append', 1, null).does(2, 'txn', [['r', '17', null]], [['r', '17', [1]]]);
  const engines = [twice, transaction].map(({ events }) => checkSync(events, { model: 'list-append' }).keys);

  expect(engines.flat().map(({ engine, verdict }) => [engine, verdict.valid])).toEqual([
    ['search', true],
    ['search', true],
  ]);
});
