import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import { quorum } from './system.ts';

type Values = { readonly [name: string]: number | string };

const claimed = (values: Values, count = 5) =>
  quorum.claims({ bug: null, values }, nodeNames(count)).map(({ model, assumes }) => ({ model, assumes }));

const linearizable = [{ model: 'linearizable', assumes: {} }];
const eventual = [{ model: 'eventual', assumes: {} }];

test('it is linearizable where R > N - W, reads write back, and stamps go on from the newest', () => {
  expect(claimed({})).toEqual(linearizable);
  for (let count = 1; count <= 7; count++) expect([count, claimed({}, count)]).toEqual([count, linearizable]);
  expect(claimed({ read: 5, write: 1 })).toEqual(linearizable);
  expect(claimed({ read: 1, write: 5 })).toEqual(linearizable);
  expect(claimed({ antiEntropy: 'off', handoff: 'off', readRepair: 'off' })).toEqual(linearizable);
});

test.each<[string, Values]>([
  ['R + W <= N', { read: 2, write: 3 }],
  ['R = W = 1', { read: 1, write: 1 }],
  ['no write-back', { writeBack: 'off' }],
  ['the last write wins', { versions: 'wall-clock' }],
])('with %s it is eventual while something brings replicas up to date', (_what, values) => {
  expect(claimed(values)).toEqual(eventual);
  expect(claimed({ ...values, handoff: 'off', readRepair: 'off' })).toEqual(eventual);
  expect(claimed({ ...values, antiEntropy: 'off' })).toEqual([{ model: 'eventual', assumes: { noCrash: true } }]);
  expect(claimed({ ...values, antiEntropy: 'off', handoff: 'off' })).toEqual([]);
  expect(claimed({ ...values, antiEntropy: 'off', handoff: 'off', readRepair: 'off' })).toEqual([]);
});

test('how long replicas may take to agree follows from upkeep, batch, the nodes, and when it gives up', () => {
  const within = (values: Values) => quorum.claims({ bug: null, values }, nodeNames(5))[0]?.convergesWithin?.(10);

  expect(within({})).toBeUndefined();
  expect(within({ read: 1, write: 1 })).toBe(9.1e9);
  expect(within({ read: 1, write: 1, upkeep: 2000 })).toBe(81.1e9);
  expect(within({ read: 1, write: 1, batch: 1 })).toBe(45.1e9);
  expect(within({ read: 1, write: 1, batch: 1, antiEntropy: 'off' })).toBe(9.9e9);
  expect(within({ read: 1, write: 1, resend: 60_000 })).toBe(69e9);
});

test('it serves again later where it looks less often at what is lost or late, and never says when if it hardly waits', () => {
  const recovers = (values: Values) => quorum.claims({ bug: null, values }, nodeNames(5))[0]?.recoversWithin;

  expect(recovers({})).toBe(5e9);
  expect(recovers({ resend: 60_000 })).toBe(300e9);
  expect(recovers({ patience: 100 })).toBe(0.5e9);
  expect(recovers({ patience: 1, resend: 1 })).toBeUndefined();
});

test('an operation must succeed while as many nodes are well as its rounds ask for', () => {
  const nodes = nodeNames(5);
  const live = (values: Values) => {
    const [claim] = quorum.claims({ bug: null, values }, nodes);
    return [1, 2, 3, 4, 5].map((count) => claim?.live(nodes.slice(0, count), nodes).join(' '));
  };

  expect(live({})).toEqual(['', '', 'read write', 'read write', 'read write']);
  expect(live({ read: 1, write: 1 })).toEqual(Array.from({ length: 5 }, () => 'read write'));
  expect(live({ read: 2, write: 4, writeBack: 'off' })).toEqual(['', 'read', 'read', 'read write', 'read write']);
  expect(live({ read: 4, write: 2, versions: 'wall-clock' })).toEqual([
    '',
    'write',
    'write',
    'read write',
    'read write',
  ]);
});

test('the rule of the course notes is told for the numbers of the run', () => {
  const told = (values: Values, count: number) => quorum.remarks?.({ bug: null, values }, nodeNames(count));

  expect(told({}, 3)).toEqual([
    'R = 2 > N - W = 3 - 2: whatever R replicas a read asks, one of them holds the latest write.',
  ]);
  expect(told({ read: 1, write: 1 }, 5)).toEqual([
    'R = 1 is not above N - W = 5 - 1: a read can miss all the replicas that hold the latest write.',
  ]);
  // A clock that is behind makes the latest write an old one: an acknowledged write that no replica need hold.
  expect(told({ versions: 'wall-clock' }, 3)).toEqual([
    'R = 2 > N - W = 3 - 2: whatever R replicas a read asks, one of them holds the write with the latest stamp, by some clock.',
  ]);
});

test('a quorum that the nodes do not have is refused with what to do', () => {
  expect(() => claimed({ read: 4 }, 3)).toThrow(
    'quorum: read=4 asks for more replicas than there are nodes (3). Set it to 3 or less, or raise --node-count.',
  );
});

test('every bug names options that exist and are in range, and under which the correct twin claims something', () => {
  for (const { options } of quorum.bugs) {
    for (const [name, value] of Object.entries(options)) {
      const definition = quorum.options.find((option) => option.name === name);
      expect(typeof value).toBe(typeof definition?.fallback);
      expect(definition?.choices ?? [value]).toContain(value);
    }
    expect(quorum.claims({ bug: null, values: options }, nodeNames(3))).toHaveLength(1);
  }
});
