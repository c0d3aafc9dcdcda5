import { expect, test } from 'vitest';
import { Heap } from '../core/heap.ts';
import { type NodeId, nodeNames } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import { instant, plus } from '../core/time.ts';
import type { System } from '../protocol/system.ts';
import { errorBody, type RequestBody, type ResponseBody } from '../protocol/wire.ts';
import type { ClientReceiver, World } from './environment.ts';
import type { Answer } from './faults.ts';
import { Membership } from './membership.ts';

const nodes = nodeNames(3);
const [n1, n2, n3] = nodes as [NodeId, NodeId, NodeId];
const system = {
  name: 'council',
  membership: {
    change: ({ type, node }: { type: string; node: NodeId }): RequestBody => ({ type, node }),
    members: ({ members }: Inspection) => members as readonly NodeId[],
  },
} as unknown as System;

const done: ResponseBody = { type: 'done' };
const hint = (leader: NodeId): ResponseBody => errorBody(11, `ask ${leader}`, { leader });

interface Script {
  /** What the node says when it is asked for the so many-th time in all; null: nothing; a text: it could not be reached. */
  readonly answer: (node: NodeId, count: number) => ResponseBody | string | null;
  /** Who leads after so many questions, and which members it shows. */
  readonly leader: (count: number) => { readonly node: NodeId; readonly members: readonly NodeId[] } | null;
}

/** Takes n3 out, and tells what was asked of whom, what came of it, and after how many seconds. */
function remove({ answer, leader }: Script): {
  asked: string[];
  result: Answer<string> | null;
  seconds: number;
  open: number;
} {
  const queue = new Heap<() => void>();
  let now = instant(0);
  let open = 0;
  const asked: string[] = [];
  const world: World = {
    now: () => now,
    after: (delay, fire) => {
      let live = true;
      queue.push(plus(now, delay), () => live && fire());
      return () => (live = false);
    },
    connect: (_client, receive: ClientReceiver) => {
      open++;
      return {
        request: (attempt, node, body) => {
          asked.push(`${node} ${body.type} ${body['node'] as NodeId}`);
          const said = answer(node, asked.length);
          if (typeof said === 'string') queue.push(now, () => receive.undeliverable(attempt, 'before', said));
          else if (said !== null) queue.push(now, () => receive.reply(attempt, said));
        },
        close: () => open--,
      };
    },
  };
  const inspect = (node: NodeId, tell: (answer: Answer<Inspection>) => void): void => {
    const known = leader(asked.length);
    queue.push(now, () =>
      tell({
        ok: true,
        value: known?.node === node ? { role: 'leader', term: 2, members: known.members } : { role: 'x' },
      }),
    );
  };
  let result: Answer<string> | null = null;
  let endedAt = 0;
  new Membership({ system, nodes, world, faults: { inspect } }).change({ type: 'remove', node: n3 }, (given) => {
    expect(result).toBe(null);
    result = given;
    endedAt = now;
  });
  for (let fire = queue.nextAt; fire < Infinity; fire = queue.nextAt) {
    now = instant(fire);
    queue.pop()?.();
  }
  return { asked, result, seconds: endedAt / 1e9, open };
}

const out = { node: n2, members: [n1, n2] };
const value = 'n3 is no member any more: the leader n2 shows n1 n2';

test('the leader is asked, and the members that it then shows are the proof', () => {
  const played = remove({ answer: () => done, leader: (count) => (count === 0 ? { node: n2, members: nodes } : out) });
  expect(played).toEqual({ asked: ['n2 remove n3'], result: { ok: true, value }, seconds: 0, open: 0 });
});

test('hints are followed, and nodes that point at each other are not followed for ever', () => {
  const { asked, result } = remove({
    answer: (node, count) => (count > 4 && node === n2 ? done : hint(node === n1 ? n3 : n1)),
    leader: (count) => (count > 4 ? out : null),
  });
  expect(asked.slice(0, 4)).toEqual(['n1 remove n3', 'n3 remove n3', 'n1 remove n3', 'n3 remove n3']);
  expect(asked.at(-1)).toBe('n2 remove n3');
  expect(asked).toHaveLength(5);
  expect(result).toEqual({ ok: true, value });
});

test('a node that refuses, cannot be reached or says nothing is left for the next one', () => {
  const { asked, result, seconds } = remove({
    answer: (_node, count) =>
      count === 3 ? null : ([errorBody(13, 'crashed'), 'connection refused'][count - 1] ?? done),
    leader: (count) => (count < 4 ? null : out),
  });
  expect(asked).toEqual(['n1', 'n2', 'n3', 'n1'].map((node) => `${node} remove n3`));
  expect(result).toEqual({ ok: true, value });
  expect(seconds).toBeCloseTo(1.3, 5);
});

test('what nobody does within the time is an error that says why, and leaves nothing open', () => {
  const { result, seconds, open } = remove({ answer: () => errorBody(11, 'no leader is known'), leader: () => null });
  expect(result).toEqual({
    ok: false,
    error: expect.stringMatching(/^n3 was not taken out within 20 s: n\d: no leader is known$/) as string,
  });
  expect(seconds).toBeGreaterThanOrEqual(20);
  expect(seconds).toBeLessThan(22);
  expect(open).toBe(0);
});

test('what is said to be done but never shown is not believed', () => {
  const { result } = remove({ answer: () => done, leader: () => ({ node: n2, members: nodes }) });
  expect(result).toMatchObject({ ok: false });
});
