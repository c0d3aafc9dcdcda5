import { expect, test } from 'vitest';
import { checkSync } from '../check/check.ts';
import { Script } from '../testing/script.ts';
import { busyHistory } from '../testing/busy-history.ts';
import { eventsOf } from '../testing/events-of.ts';
import type { Counterexample } from '../verdict.ts';
import type { HistoryEvent } from '../history/operation.ts';

function storyOf(events: readonly HistoryEvent[]): Counterexample {
  const { verdict } = checkSync(events, { model: 'cas-register' });
  if (verdict.valid !== false) throw new Error(`It is ${verdict.valid}`);
  return verdict.counterexample;
}

const swapped = { swapped: true };

test('a stale read is told with who knew better, and why no other order does', () => {
  const script = new Script().does(1, 'write', 41, null).wait(253.5).does(3, 'write', 42, null).wait(431);
  script.does(7, 'read', null, 41, 'n1');

  const { operations, ...story } = storyOf(script.events);

  expect(operations.map(({ id }) => id)).toEqual([0, 2, 4]);
  expect(story).toEqual({
    key: '17',
    sentence: 'Process 7 read 41 from key 17 at node n1, 431 ms after process 3 had been told that 42 was written.',
    impossible: 4,
    order: [
      { operation: 0, state: '41' },
      { operation: 2, state: '42' },
    ],
    rejected: { operation: 4, why: 'the value is 42 here, and the read saw 41' },
    forced: [
      {
        before: 0,
        after: 2,
        rule: 'real-time',
        why: 'The write of 41 finished at 0.0020 s; the write of 42 began at 0.2555 s, 254 ms later.',
      },
      {
        before: 2,
        after: 4,
        rule: 'real-time',
        why: 'The write of 42 finished at 0.2565 s; the read of 41 began at 0.6875 s, 431 ms later.',
      },
      {
        before: 0,
        after: 4,
        rule: 'reads-from',
        why: 'Only the write of 41, invoked at 0.0010 s, puts 41 there; the read of 41 saw it by 0.6885 s.',
      },
    ],
    alternatives: [
      {
        title: 'The read of 41 before the write of 42',
        why: "Process 3's write of 42 was over 431 ms before process 7's read of 41 began.",
      },
      {
        title: 'The write of 42 before the write of 41',
        why: "Process 1's write of 41 was over 254 ms before process 3's write of 42 began.",
      },
    ],
    verified: true,
  });
});

const sentences: readonly (readonly [string, Script, string])[] = [
  [
    'a lost write',
    new Script().does(1, 'write', 7, null).does(4, 'read', null, null, 'n1'),
    'Process 4 read null from key 17 at node n1, although process 1 had been told 1 ms before that 7 was written, and nothing that could put null back was ever invoked.',
  ],
  [
    'a value from nowhere',
    new Script().does(4, 'read', null, 9),
    'Process 4 read 9 from key 17, but nothing ever tried to write 9 there.',
  ],
  [
    'a value of a write that failed',
    new Script().invoke(2, 'write', 9).fail(2, 'write').does(4, 'read', null, 9),
    "Process 4 read 9 from key 17, although process 2's write of 9 surely failed and nothing else ever wrote 9.",
  ],
  [
    'a value from the future',
    new Script().does(4, 'read', null, 9).wait(1_234).does(2, 'write', 9, null),
    "Process 4 read 9 from key 17, 1.23 s before process 2's write of 9 began.",
  ],
  [
    'a lost update',
    new Script()
      .does(1, 'write', 1, null)
      .invoke(2, 'cas', [1, 2])
      .invoke(3, 'cas', [1, 3])
      .ok(2, 'cas', swapped)
      .ok(3, 'cas', swapped),
    'Process 2 and process 3 both swapped 1 on key 17, for 2 and for 3, although 1 was written only once.',
  ],
  [
    'a value that goes and comes back',
    new Script()
      .invoke(1, 'write', 1)
      .invoke(2, 'write', 2)
      .does(3, 'read', null, 1)
      .does(4, 'read', null, 2)
      .does(5, 'read', null, 1)
      .ok(1, 'write')
      .ok(2, 'write'),
    "Process 3's read of 1 was over before process 4's read of 2 began, and process 4's read of 2 was over before process 5's read of 1 began; so 1 and 2 would each have to come wholly before the other.",
  ],
  [
    'a refused cas that saw an old value',
    new Script()
      .does(1, 'write', 1, null)
      .does(2, 'write', 2, null)
      .does(2, 'cas', [9, 4], { swapped: false, current: 1 }),
    'Process 2 was refused a cas from 9 on key 17 and told that the value was 1, 1 ms after it had been told that 2 was written.',
  ],
  [
    'a cas that was refused without cause',
    new Script().does(1, 'write', 1, null).does(2, 'cas', [1, 4], { swapped: false }),
    'Process 2 was refused a cas from 1 on key 17, 1 ms after process 1 had been told that 1 was written, and nothing that could change it was invoked since.',
  ],
  [
    'values that are not unique',
    new Script()
      .does(1, 'write', 1, null)
      .does(1, 'write', 2, null)
      .does(1, 'write', 1, null)
      .does(1, 'write', 2, null)
      .does(4, 'read', null, 1),
    'Process 4 read 1 from key 17, 1 ms after process 1 had been told that 2 was written, with nothing that could make it 1 in progress since.',
  ],
  [
    'what fits no story',
    new Script()
      .invoke(1, 'write', 1)
      .invoke(2, 'write', 1)
      .does(3, 'write', 2, null)
      .does(4, 'read', null, 1)
      .does(3, 'write', 2, null)
      .does(4, 'read', null, 1)
      .does(3, 'write', 2, null)
      .does(4, 'read', null, 1)
      .ok(1, 'write')
      .ok(2, 'write'),
    'No order of these 8 operations on key 17 explains what they saw: the longest that was found holds 7, and then the value is 2 and process 4 cannot have read 1 from key 17.',
  ],
];

test.each(sentences)('%s', (_, script, sentence) => {
  const story = storyOf(script.events);

  expect(story.sentence).toBe(sentence);
  expect(story.verified).toBe(true);
});

test('a stale read among 400 operations is told with three', () => {
  const history = busyHistory({ operations: 400, clients: 8, info: 0.1, seed: 3 });
  const reads = history.filter(({ f, type, output }) => f === 'read' && type === 'ok' && output !== null);
  const old = reads[20]?.output ?? null;
  const late = reads[150];

  const story = storyOf(eventsOf(history.map((one) => (one === late ? { ...one, output: old } : one))));

  expect(story.operations).toHaveLength(3);
  expect(story.sentence).toMatch(
    /^Process \d+ read \d+ from key k, [\d.]+ ms after process \d+ had been told that \d+ was written\.$/,
  );
  expect(story.verified).toBe(true);
});

test('what returns after the point of failure is not held to its result', () => {
  // The read of 9 overlaps the failing read, and its write began only after that: it is no part of the story.
  const script = new Script().does(1, 'write', 1, null).does(1, 'write', 2, null).invoke(2, 'read').invoke(3, 'read');
  script.ok(2, 'read', 1).invoke(4, 'write', 9).ok(3, 'read', 9).ok(4, 'write');

  expect(storyOf(script.events).operations.map(({ id }) => id)).toEqual([0, 2, 4]);
});

test('a write that a refused cas proves stays in the story', () => {
  // The cas was refused, so 1 was there before it, and 0 cannot have come back; without 1, the cas would be to blame.
  const script = new Script().does(1, 'write', 0, null).invoke(2, 'write', 1);
  script.does(3, 'cas', [0, 5], { swapped: false }).does(4, 'read', null, 0).ok(2, 'write');

  expect(storyOf(script.events).operations.map(({ id }) => id)).toEqual([0, 2, 3, 5]);
});

test.each<[Parameters<typeof checkSync>[1]['model'], Script, string]>([
  [
    'put-if-absent',
    new Script('a').does(0, 'insert', 1, { inserted: false, current: '0' }),
    'Process 0 was refused an insert of 1 at key a and told that the value was "0", but nothing ever tried to write "0" there.',
  ],
  [
    'put-if-absent',
    new Script('a').does(0, 'insert', 1, { inserted: true }).does(1, 'insert', 2, { inserted: true }),
    'Process 1 inserted 2 at key a, although process 0 had been told 1 ms before that 1 was inserted, and nothing that could put null back was ever invoked.',
  ],
  [
    'set',
    new Script('a').does(0, 'add', 102, false),
    'Process 0 added 102 on key a and was told that it was there already, but nothing else ever added 102 there.',
  ],
  [
    'append-string',
    new Script('a').does(0, 'get', null, 'x'),
    'Nothing explains what the only operation on key a saw: at the beginning the text is "", and process 0 cannot have got "x" on key a.',
  ],
])('%s: an operation has words of its own (%#)', (model, script, sentence) => {
  const { verdict } = checkSync(script.events, { model });
  expect(verdict).toMatchObject({ valid: false, counterexample: { sentence: expect.stringContaining(sentence) } });
});
