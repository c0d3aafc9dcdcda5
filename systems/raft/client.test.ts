import { beforeEach, expect, test } from 'vitest';
import { nodeNames, processId } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { seeded } from '../../src/core/random.ts';
import { instant, seconds } from '../../src/core/time.ts';
import type { ClientEffects, ClientInput } from '../../src/protocol/client.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import { RaftClient } from './client.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

let client: RaftClient;
let lines: string[];
let timers: Set<string>;

const effects: ClientEffects = {
  request: (attempt, node, { type, ...rest }) =>
    void lines.push(
      [
        `#${attempt} to ${node}: ${type}`,
        ...Object.values(rest).map((field) => (typeof field === 'string' ? field : JSON.stringify(field))),
      ].join(' '),
    ),
  complete: ({ type, ...rest }, node) =>
    void lines.push(
      `${type} ${'value' in rest ? JSON.stringify(rest.value) : `${rest.error.code ?? '-'} ${rest.error.text}`}${node === undefined ? '' : ` from ${node}`}`,
    ),
  setTimer: (timer) => void timers.add(timer),
  clearTimer: (timer) => void timers.delete(timer),
};

beforeEach(() => {
  lines = [];
  timers = new Set();
  client = new RaftClient({
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

const opened = (session: number): ResponseBody => ({ type: 'open_session_ok', session });
const refused = errorBody(14, 'unknown session');
const noLeader = errorBody(11, 'no leader');
const leaderIs = (leader: NodeId): ResponseBody => errorBody(11, 'elsewhere', { leader });
const deposed = errorBody(13, 'deposed');

test('a read asks the home node, follows its hint, and starts at home again the next time', () => {
  expect(invoke('read')).toEqual(['#1 to n1: read a']);
  expect(reply(1, leaderIs(n3))).toEqual(['#2 to n3: read a']);
  expect(reply(2, { type: 'read_ok', value: 7 })).toEqual(['ok 7 from n3']);
  expect([...timers]).toEqual([]);
  expect(invoke('read')).toEqual(['#3 to n1: read a']);
  expect(reply(3, errorBody(20, 'no such key'))).toEqual(['ok null from n1']);
});

test('the first write opens a session, and each later one takes the next number', () => {
  expect(invoke('write', 5)).toEqual(['#1 to n1: open_session']);
  expect(reply(1, leaderIs(n2))).toEqual(['#2 to n2: open_session']);
  expect(reply(2, opened(9))).toEqual(['#3 to n2: write a 5 9 1']);
  expect(reply(3, { type: 'write_ok' })).toEqual(['ok 5 from n2']);
  expect(invoke('cas', [5, 6])).toEqual(['#4 to n1: cas a 5 6 9 2']);
  expect(reply(4, { type: 'cas_ok' })).toEqual(['ok {"swapped":true} from n1']);
  expect(invoke('cas', [5, 7])).toEqual(['#5 to n1: cas a 5 7 9 3']);
  expect(reply(5, errorBody(22, 'other', { current: 6 }))).toEqual(['ok {"swapped":false,"current":6} from n1']);
});

test('a write that nobody answers goes elsewhere under the same number, and a late answer to any attempt ends it', () => {
  invoke('write', 5);
  reply(1, opened(9));
  expect(ring('attempt')).toEqual(['#3 to n2: write a 5 9 1']);
  expect(reply(3, deposed)).toEqual([]);
  expect(ring('pause')).toEqual(['#4 to n3: write a 5 9 1']);
  expect(reply(2, { type: 'write_ok' })).toEqual(['ok 5 from n1']);
  expect(reply(4, { type: 'write_ok' })).toEqual([]);
});

test('a write fails only when every attempt of it was definite', () => {
  invoke('write', 5);
  reply(1, opened(9));
  expect(lost(2, 'before')).toEqual([]);
  expect(ring('pause')).toEqual(['#3 to n2: write a 5 9 1']);
  reply(3, noLeader);
  expect(ring('operation')).toEqual(['fail 11 No result within 5 s; the last answer: no leader']);
});

test.each<[string, () => string[]]>([
  ['is lost on the way', () => lost(2, 'after')],
  ['gets an indefinite answer', () => reply(2, deposed)],
  ['gets an answer that makes no sense', () => reply(2, { type: 'read_ok', value: 1 })],
])('a write ends as info when one of its attempts %s', (_what, befall) => {
  invoke('write', 5);
  reply(1, opened(9));
  befall();
  ring('pause');
  reply(3, noLeader);
  expect(ring('operation')).toEqual(['info 11 No result within 5 s; the last answer: no leader']);
});

test('a write that is never answered ends as info, and a late definite answer can still settle an attempt', () => {
  invoke('write', 5);
  reply(1, opened(9));
  ring('attempt');
  reply(2, noLeader);
  reply(3, noLeader);
  expect(ring('operation')).toEqual(['fail 11 No result within 5 s; the last answer: no leader']);

  expect(invoke('write', 6)).toEqual(['#4 to n1: write a 6 9 2']);
  expect(ring('operation')).toEqual(['info - No result within 5 s']);
});

test('a write whose session could not be opened surely did not happen, and a read never did', () => {
  invoke('write', 5);
  ring('attempt');
  expect(lost(2, 'after')).toEqual([]);
  expect(ring('operation')).toEqual(['fail - No result within 5 s; the last answer: gone']);

  invoke('read');
  expect(ring('operation')).toEqual(['fail - No result within 5 s']);
});

test('a forgotten session is replaced when no attempt is in doubt', () => {
  invoke('write', 5);
  reply(1, opened(9));
  expect(reply(2, refused)).toEqual(['#3 to n1: open_session']);
  expect(reply(3, opened(12))).toEqual(['#4 to n1: write a 5 12 1']);
});

test('a forgotten session ends the operation as info when an earlier attempt may have been carried out', () => {
  invoke('write', 5);
  reply(1, opened(9));
  expect(ring('attempt')).toEqual(['#3 to n2: write a 5 9 1']);
  expect(reply(3, refused)).toEqual(['info 14 unknown session']);
});

test('a late session is taken, and a second one that comes later still is not', () => {
  invoke('write', 5);
  expect(ring('attempt')).toEqual(['#2 to n2: open_session']);
  expect(reply(1, opened(9))).toEqual(['#3 to n1: write a 5 9 1']);
  expect(reply(2, opened(10))).toEqual([]);
  expect(reply(3, { type: 'write_ok' })).toEqual(['ok 5 from n1']);
});

test('nodes that point at each other do not keep the client running in circles without a pause', () => {
  invoke('read');
  let sent = 0;
  for (let attempt = 1; attempt < 20; attempt++) sent += reply(attempt, leaderIs(attempt % 2 === 1 ? n2 : n1)).length;
  expect(sent).toBe(3);
  expect(ring('pause')).toHaveLength(1);
});

test('a request that the node does not understand is given up at once', () => {
  invoke('read');
  expect(reply(1, errorBody(10, 'no such thing'))).toEqual(['fail 10 no such thing']);
});

test('where answers carry the index that they show, a later read asks for no older state, at whatever node', () => {
  invoke('write', 5);
  reply(1, opened(9));
  expect(reply(2, { type: 'write_ok', index: 11 })).toEqual(['ok 5 from n1']);
  expect(invoke('read')).toEqual(['#3 to n1: read a 11']);
  expect(reply(3, errorBody(11, 'not yet'))).toEqual([]);
  expect(ring('pause')).toEqual(['#4 to n2: read a 11']);
  expect(reply(4, { type: 'read_ok', value: 5, index: 14 })).toEqual(['ok 5 from n2']);
  expect(invoke('cas', [4, 6])).toEqual(['#5 to n1: cas a 4 6 9 3']);
  reply(5, { ...errorBody(22, 'other', { current: 5 }), index: 12 });
  expect(invoke('read')).toEqual(['#6 to n1: read a 14']);
});
