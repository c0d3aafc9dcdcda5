import { beforeEach, expect, test } from 'vitest';
import { nodeNames, processId } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { seeded } from '../../src/core/random.ts';
import { inMilliseconds, instant, seconds } from '../../src/core/time.ts';
import type { ClientEffects, ClientInput } from '../../src/protocol/client.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import { TwoPhaseClient } from './client.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

let client: TwoPhaseClient;
let lines: string[];
/** Milliseconds, by name. */
let timers: Map<string, number>;

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const effects: ClientEffects = {
  request: (attempt, node, { type, ...rest }) =>
    void lines.push([`#${attempt} to ${node}: ${type}`, ...Object.values(rest).map(textOf)].join(' ')),
  complete: ({ type, ...rest }, node) => {
    const what = 'value' in rest ? textOf(rest.value) : `${rest.error.code ?? '-'} ${rest.error.text}`;
    lines.push(`${type} ${what}${node === undefined ? '' : ` from ${node}`}`);
  },
  setTimer: (timer, after) => void timers.set(timer, inMilliseconds(after)),
  clearTimer: (timer) => void timers.delete(timer),
};

beforeEach(() => {
  lines = [];
  timers = new Map();
  client = new TwoPhaseClient({
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
  expect([...timers.keys()]).toContain(timer);
  timers.delete(timer);
  return on({ kind: 'timer', timer });
};
const lost = (attempt: number, when: 'before' | 'after'): string[] =>
  on({ kind: 'undeliverable', attempt, when, why: 'gone' });

const conflict = errorBody(30, 'locked');

test('a write that is aborted for a lock is tried at the next node, after a pause', () => {
  expect(invoke('write', 5)).toEqual(['#1 to n1: write a 5']);
  expect(reply(1, conflict)).toEqual([]);
  expect(ring('pause')).toEqual(['#2 to n2: write a 5']);
  expect(reply(2, { type: 'write_ok' })).toEqual(['ok 5 from n2']);
  expect([...timers.keys()]).toEqual([]);
});

test('the pauses grow, up to a limit, and are never the same for two clients for long', () => {
  invoke('write', 5);
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 9; attempt++) {
    reply(attempt, conflict);
    pauses.push(timers.get('pause') ?? 0);
    ring('pause');
  }
  const least = [10, 20, 40, 80, 160, 320, 320, 320, 320];
  for (const [index, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(least[index] ?? 0);
    expect(pause).toBeLessThan(2 * (least[index] ?? 0));
  }
  expect(new Set(pauses.slice(-4)).size).toBe(4);
});

test('a write that was always aborted surely did not happen', () => {
  invoke('write', 5);
  reply(1, conflict);
  expect(ring('operation')).toEqual(['fail 30 No result within 5 s; the last answer: locked']);
});

test('a write that nobody has answered is not tried again, since nobody would notice that it is the same', () => {
  invoke('write', 5);
  expect([...timers.keys()]).toEqual(['operation']);
  expect(ring('operation')).toEqual(['info - No result within 5 s']);
});

test('a write whose node was lost may have happened, and nobody will say', () => {
  invoke('write', 5);
  expect(lost(1, 'after')).toEqual(['info - gone']);
  invoke('cas', [5, 6]);
  expect(reply(2, errorBody(13, 'crashed'))).toEqual(['info 13 crashed']);
});

test('a write that reached no socket is tried at the next node', () => {
  invoke('write', 5);
  expect(lost(1, 'before')).toEqual([]);
  expect(ring('pause')).toEqual(['#2 to n2: write a 5']);
});

test('a read goes to the next node when the first is silent, and a late answer counts', () => {
  expect(invoke('read')).toEqual(['#1 to n1: read a']);
  expect(ring('attempt')).toEqual(['#2 to n2: read a']);
  expect(lost(2, 'after')).toEqual([]);
  expect(reply(1, { type: 'read_ok', value: 4 })).toEqual(['ok 4 from n1']);
  expect(invoke('read')).toEqual(['#3 to n1: read a']);
});

test('a late refusal of an earlier read leaves the later one alone', () => {
  invoke('read');
  ring('attempt');
  expect(reply(1, errorBody(11, 'locked'))).toEqual([]);
  expect([...timers.keys()]).toEqual(['operation', 'attempt']);
});

test('so does a transaction that writes nothing, and not one that writes', () => {
  invoke('txn', [['r', 'a', null]]);
  expect(ring('attempt')).toEqual(['#2 to n2: txn [["r","a",null]]']);
  expect(lost(2, 'after')).toEqual([]);
  expect(ring('operation')).toEqual(['fail - No result within 5 s; the last answer: gone']);

  invoke('txn', [
    ['c', 'a', 1],
    ['w', 'a', 2],
  ]);
  expect(lost(3, 'after')).toEqual(['info - gone']);
});

test('a read that nobody answers fails: it has no effect', () => {
  invoke('read');
  ring('attempt');
  expect(ring('operation')).toEqual(['fail - No result within 5 s']);
});

test('what the store has seen is a result', () => {
  invoke('read');
  expect(reply(1, errorBody(20, 'no such key'))).toEqual(['ok null from n1']);
  invoke('cas', [5, 6]);
  expect(reply(2, errorBody(22, 'other', { current: 4 }))).toEqual(['ok {"swapped":false,"current":4} from n1']);
  invoke('insert', 5);
  expect(reply(3, errorBody(21, 'other', { current: 4 }))).toEqual(['ok {"inserted":false,"current":4} from n1']);
  invoke('txn', [['r', 'a', null]]);
  expect(reply(4, { type: 'txn_ok', txn: [['r', 'a', 4]] })).toEqual([
    'ok {"committed":true,"parts":[["r","a",4]]} from n1',
  ]);
});

test('what the store does not understand is given up at once', () => {
  expect(invoke('append', 1)).toEqual(['#1 to n1: append a 1']);
  expect(reply(1, errorBody(10, 'no append'))).toEqual(['fail 10 no append']);
});
