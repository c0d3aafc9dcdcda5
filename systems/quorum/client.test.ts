import { beforeEach, expect, test } from 'vitest';
import { nodeNames, processId } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { seeded } from '../../src/core/random.ts';
import { instant, seconds } from '../../src/core/time.ts';
import type { ClientEffects, ClientInput } from '../../src/protocol/client.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import { QuorumClient } from './client.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

let client: QuorumClient;
let lines: string[];
let timers: Set<string>;

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const effects: ClientEffects = {
  request: (attempt, node, { type, ...rest }) =>
    void lines.push([`#${attempt} to ${node}: ${type}`, ...Object.values(rest).map(textOf)].join(' ')),
  complete: ({ type, ...rest }, node) => {
    const what = 'value' in rest ? textOf(rest.value) : `${rest.error.code ?? '-'} ${rest.error.text}`;
    lines.push(`${type} ${what}${node === undefined ? '' : ` from ${node}`}`);
  },
  setTimer: (timer) => void timers.add(timer),
  clearTimer: (timer) => void timers.delete(timer),
};

beforeEach(() => {
  lines = [];
  timers = new Set();
  client = new QuorumClient({
    process: processId(0),
    home: n1,
    nodes: [n1, n2, n3],
    random: seeded(1),
    options: { bug: null, values: {} },
    attemptTimeout: seconds(1),
    operationTimeout: seconds(5),
  });
});

/** What the client says to this. */
function on(input: ClientInput): string[] {
  lines = [];
  client.step({ wall: instant(0), monotonic: instant(0) }, input, effects);
  return lines;
}

const invoke = (f: string, value: Json = null): string[] => on({ kind: 'invoke', call: { f, key: 'a', value } });
const reply = (attempt: number, body: ResponseBody): string[] => on({ kind: 'reply', attempt, body });
const ring = (timer: string): string[] => {
  expect([...timers]).toContain(timer);
  timers.delete(timer);
  return on({ kind: 'timer', timer });
};
const lost = (attempt: number, when: 'before' | 'after'): string[] =>
  on({ kind: 'undeliverable', attempt, when, why: 'gone' });

const given = (counter: number): ResponseBody => ({ type: 'stamp_ok', stamp: { counter, id: 'x' } });
const written: ResponseBody = { type: 'write_ok' };
const noQuorum = errorBody(11, 'too few');
const timeout = errorBody(0, 'too few in time');

test('a write asks for a stamp first, and sends it with the value', () => {
  expect(invoke('write', 5)).toEqual(['#1 to n1: stamp a']);
  expect(reply(1, given(7))).toEqual(['#2 to n1: write a 5 {"counter":7,"id":"x"}']);
  expect(reply(2, written)).toEqual(['ok 5 from n1']);
  expect([...timers]).toEqual([]);
});

test('a read needs no stamp, and starts at home again each time', () => {
  expect(invoke('read')).toEqual(['#1 to n1: read a']);
  expect(reply(1, noQuorum)).toEqual([]);
  expect(ring('pause')).toEqual(['#2 to n2: read a']);
  expect(reply(2, { type: 'read_ok', value: 4 })).toEqual(['ok 4 from n2']);
  expect(invoke('read')).toEqual(['#3 to n1: read a']);
  expect(reply(3, errorBody(20, 'no such key'))).toEqual(['ok null from n1']);
});

test('every attempt of a write carries the same stamp, at whatever node, and a late answer counts', () => {
  invoke('write', 5);
  reply(1, given(7));
  expect(ring('attempt')).toEqual(['#3 to n2: write a 5 {"counter":7,"id":"x"}']);
  expect(reply(3, timeout)).toEqual([]);
  expect(ring('pause')).toEqual(['#4 to n3: write a 5 {"counter":7,"id":"x"}']);
  expect(reply(2, written)).toEqual(['ok 5 from n1']);
  expect(reply(4, written)).toEqual([]);
});

test('a late refusal of an earlier attempt leaves the later one alone', () => {
  invoke('read');
  expect(ring('attempt')).toEqual(['#2 to n2: read a']);
  expect(reply(1, noQuorum)).toEqual([]);
  expect([...timers]).toEqual(['operation', 'attempt']);
  expect(lost(2, 'after')).toEqual([]);
  expect([...timers]).toEqual(['operation', 'pause']);
});

test('the first stamp that comes is taken, and no other one after it', () => {
  invoke('write', 5);
  expect(ring('attempt')).toEqual(['#2 to n2: stamp a']);
  expect(reply(1, given(7))).toEqual(['#3 to n1: write a 5 {"counter":7,"id":"x"}']);
  expect(reply(2, given(8))).toEqual([]);
  expect(ring('attempt')).toEqual(['#4 to n2: write a 5 {"counter":7,"id":"x"}']);
});

test('the next write asks for a stamp of its own', () => {
  invoke('write', 5);
  reply(1, given(7));
  reply(2, written);
  expect(invoke('write', 6)).toEqual(['#3 to n1: stamp a']);
  expect(reply(1, given(9))).toEqual([]);
});

test('a write that got no stamp surely did not happen; one that was sent may have', () => {
  invoke('write', 5);
  reply(1, noQuorum);
  expect(ring('operation')).toEqual(['fail 11 No result within 5 s; the last answer: too few']);

  invoke('write', 6);
  reply(2, given(7));
  expect(ring('operation')).toEqual(['info - No result within 5 s']);
});

test('a write that reached no socket surely did not happen', () => {
  invoke('write', 5);
  reply(1, given(7));
  expect(lost(2, 'before')).toEqual([]);
  expect(ring('operation')).toEqual(['fail - No result within 5 s; the last answer: gone']);

  invoke('write', 6);
  reply(3, given(8));
  expect(lost(4, 'after')).toEqual([]);
  expect(ring('operation')).toEqual(['info - No result within 5 s; the last answer: gone']);
});

test('what the store does not support is given up at once', () => {
  expect(invoke('cas', [1, 2])).toEqual(['#1 to n1: cas a 1 2']);
  expect(reply(1, errorBody(10, 'no cas'))).toEqual(['fail 10 no cas']);
});

test('a read that nobody answers fails: it has no effect', () => {
  invoke('read');
  expect(ring('attempt')).toEqual(['#2 to n2: read a']);
  expect(ring('operation')).toEqual(['fail - No result within 5 s']);
});
