/** Words that come late, or from nodes that know less: one node by itself, handed what no orderly net would hand it. */
import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import { seeded } from '../../src/core/random.ts';
import { instant, milliseconds } from '../../src/core/time.ts';
import type { Effects } from '../../src/protocol/protocol.ts';
import type { Entry, RaftDialect, RaftMessage, RaftRecord } from './dialect.ts';
import { RaftMachine } from './protocol.ts';

const names = nodeNames(5);
const [self, n2, n3, n4] = names as [(typeof names)[0], (typeof names)[0], (typeof names)[0], (typeof names)[0]];
const noOp = (term: number): Entry => ({ term, command: { kind: 'no-op' } });

/** A node of five that starts with these records; time is in milliseconds. */
function lonely(records: readonly RaftRecord[]) {
  let sent: RaftMessage[] = [];
  const effects = {
    send: (_to: unknown, message: RaftMessage) => void sent.push(message),
    reply: () => {},
    setTimer: () => {},
    clearTimer: () => {},
    persist: () => {},
    compact: () => {},
  } as unknown as Effects<RaftDialect>;
  const at = (ms: number) => ({ wall: instant(milliseconds(ms)), monotonic: instant(milliseconds(ms)) });
  const context = {
    self,
    nodes: names,
    members: names,
    life: 1,
    random: seeded(1),
    options: { bug: null, values: {} },
  };
  const machine = new RaftMachine(at(0), context, records, effects);
  return {
    machine,
    hear(ms: number, from: (typeof names)[0], message: RaftMessage): RaftMessage[] {
      sent = [];
      machine.step(at(ms), { kind: 'message', from, message }, effects);
      return sent;
    },
    ring(ms: number): void {
      machine.step(at(ms), { kind: 'timer', timer: 'election' }, effects);
    },
  };
}

const grown: readonly RaftRecord[] = [
  { kind: 'state', term: 3, vote: null },
  { kind: 'entries', from: 1, entries: [noOp(1), noOp(3)] },
];

/** Elects the node for term 4: its pre-vote and its vote are granted by n2 and n3. */
function leading() {
  const node = lonely(grown);
  node.ring(5_000);
  for (const from of [n2, n3]) node.hear(5_001, from, { type: 'pre-vote-reply', term: 3, proposed: 4, granted: true });
  for (const from of [n2, n3]) node.hear(5_002, from, { type: 'vote-reply', term: 4, granted: true });
  expect(node.machine.inspect()).toMatchObject({ role: 'leader', term: 4, length: 3, commit: 0 });
  return node;
}

test('the vote itself is refused to a log that knows less, whatever the pre-vote has said', () => {
  const ask = (lastIndex: number, lastTerm: number) =>
    lonely(grown).hear(5_000, n2, { type: 'vote', term: 4, lastIndex, lastTerm });
  expect(ask(1, 1)).toEqual([{ type: 'vote-reply', term: 4, granted: false }]);
  expect(ask(9, 2)).toEqual([{ type: 'vote-reply', term: 4, granted: false }]);
  expect(ask(2, 3)).toEqual([{ type: 'vote-reply', term: 4, granted: true }]);
});

test('a vote that was given in an earlier term elects nobody in a later one', () => {
  const node = lonely(grown);
  node.ring(5_000);
  for (const from of [n2, n3]) node.hear(5_001, from, { type: 'pre-vote-reply', term: 3, proposed: 4, granted: true });
  expect(node.machine.inspect()).toMatchObject({ role: 'candidate', term: 4 });
  for (const from of [n2, n3, n4]) node.hear(5_002, from, { type: 'vote-reply', term: 3, granted: true });
  expect(node.machine.inspect()).toMatchObject({ role: 'candidate', term: 4 });
});

test('a consent to an earlier campaign is none to the present one', () => {
  const node = lonely(grown);
  node.ring(5_000);
  for (const from of [n2, n3, n4])
    node.hear(5_001, from, { type: 'pre-vote-reply', term: 3, proposed: 3, granted: true });
  expect(node.machine.inspect()).toMatchObject({ role: 'pre-candidate', term: 3 });
});

test('an acknowledgement of an earlier term commits nothing in a later one', () => {
  const accepted = (term: number): RaftMessage => ({
    type: 'append-reply',
    term,
    round: 0,
    accepted: true,
    match: 3,
  });
  const node = leading();
  for (const from of [n2, n3]) node.hear(5_003, from, accepted(3));
  expect(node.machine.inspect()).toMatchObject({ role: 'leader', commit: 0 });
  for (const from of [n2, n3]) node.hear(5_004, from, accepted(4));
  expect(node.machine.inspect()).toMatchObject({ role: 'leader', commit: 3 });
});

test('an acknowledgement that was overtaken by a later one takes nothing back', () => {
  const accepted = (match: number): RaftMessage => ({ type: 'append-reply', term: 4, round: 0, accepted: true, match });
  const node = leading();
  node.hear(5_003, n2, accepted(3));
  node.hear(5_004, n2, accepted(1));
  node.hear(5_005, n3, accepted(3));
  expect(node.machine.inspect()).toMatchObject({ commit: 3 });
});
