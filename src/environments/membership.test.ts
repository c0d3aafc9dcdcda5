import { expect, test } from 'vitest';
import { Heap } from '../core/heap.ts';
import { type NodeId, nodeNames } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import { instant, plus } from '../core/time.ts';
import type { System } from '../protocol/system.ts';
import { errorBody, type RequestBody, type ResponseBody } from '../protocol/wire.ts';
import type { ClientReceiver, World } from './environment.ts';
import type { Answer, Fault } from './faults.ts';
import { Membership } from './membership.ts';

type MembershipFault = Extract<Fault, { kind: 'membership' }>;

const nodes = nodeNames(3);
const [n1, n2, n3] = nodes as [NodeId, NodeId, NodeId];
const system = {
  name: 'council',
  membership: {
    change: ({ type, node }: { type: string; node: NodeId }): RequestBody => ({ type, node }),
    transfer: (to: NodeId): RequestBody => ({ type: 'hand over to', node: to }),
    members: ({ members }: Inspection) => members as readonly NodeId[],
  },
} as unknown as System;

const done: ResponseBody = { type: 'done' };
const hint = (leader: NodeId): ResponseBody => errorBody(11, `ask ${leader}`, { leader });

interface Script {
  /** What the node says when it is asked for the so many-th time in all; null: nothing; a text: it could not be reached. */
  readonly answer: (node: NodeId, count: number) => ResponseBody | string | null;
  /** Who leads after so many questions, and which members it shows. */
  readonly leader: (
    count: number,
  ) => { readonly node: NodeId; readonly members: readonly NodeId[]; readonly term?: number } | null;
}

/** Takes n3 out, and tells what was asked of whom, what came of it, and after how many seconds. */
const remove = (script: Script): Played => play(script, { kind: 'membership', node: n3 });

/** Lets n3 take over. */
const lead = (script: Script): Played => play(script, { kind: 'membership', node: n3, leads: true });

interface Played {
  asked: string[];
  result: Answer<string> | null;
  seconds: number;
  open: number;
}

function play({ answer, leader }: Script, fault: MembershipFault): Played {
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
        value: known?.node === node ? { role: 'leader', term: known.term ?? 2, members: known.members } : { role: 'x' },
      }),
    );
  };
  let result: Answer<string> | null = null;
  let endedAt = 0;
  new Membership({ system, nodes, world, faults: { inspect } }).begin(fault, (given) => {
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

const led = (node: NodeId, term: number) => ({ node, members: nodes, term });

test('the leader is asked to hand over, and who leads a later term is the proof', () => {
  const played = lead({ answer: () => done, leader: (count) => (count === 0 ? led(n2, 4) : led(n3, 5)) });
  const words = 'n3 leads term 5 after it was handed over to it; before, n2 led term 4';
  expect(played).toEqual({ asked: ['n2 hand over to n3'], result: { ok: true, value: words }, seconds: 0, open: 0 });
});

test('an heir that did not make it is handed to again', () => {
  const { asked, result, seconds } = lead({
    answer: () => done,
    leader: (count) => (count < 2 ? led(n2, 4 + count) : led(n3, 6)),
  });
  expect(asked).toEqual(['n2 hand over to n3', 'n2 hand over to n3']);
  expect(result).toMatchObject({ ok: true });
  expect(seconds).toBeCloseTo(1.1, 5);
});

test('nobody who leads already, or came to lead without being handed over to, proves a transfer', () => {
  expect(lead({ answer: () => done, leader: () => led(n3, 4) })).toEqual({
    asked: [],
    result: { ok: false, error: 'n3 led already, so nobody was asked to hand over to it' },
    seconds: 0,
    open: 0,
  });
  const refused = lead({
    answer: () => errorBody(11, 'not now'),
    leader: (count) => (count === 0 ? led(n2, 4) : led(n3, 5)),
  });
  expect(refused).toMatchObject({
    asked: ['n2 hand over to n3'],
    result: { ok: false, error: 'n3 came to lead before anybody handed over to it' },
  });
  // Where nobody can say whether it was begun, it may have been.
  const silent = lead({ answer: () => null, leader: (count) => (count === 0 ? led(n2, 4) : led(n3, 5)) });
  expect(silent).toMatchObject({ asked: ['n2 hand over to n3'], result: { ok: true } });
});

test('a leader of the same term, and one that stays, prove nothing', () => {
  const same = lead({ answer: () => done, leader: (count) => (count === 0 ? led(n2, 4) : led(n3, 4)) });
  expect(same).toMatchObject({ result: { ok: false } });
  const { result, seconds, open } = lead({ answer: () => errorBody(11, 'busy'), leader: () => led(n2, 4) });
  expect(result).toEqual({
    ok: false,
    error: expect.stringMatching(/^n3 did not take the leadership over within 20 s: n\d: busy$/) as string,
  });
  expect(seconds).toBeGreaterThanOrEqual(20);
  expect(seconds).toBeLessThan(22);
  expect(open).toBe(0);
});
