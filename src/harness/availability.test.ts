import type { EventType, HistoryEvent, Value } from 'knossos-ts';
import { expect, test } from 'vitest';
import { instant } from '../core/time.ts';
import { type NodeId, nodeNames } from '../core/ids.ts';
import type { Fault } from '../environments/faults.ts';
import { between } from '../nemesis/grudge.ts';
import { availabilityOf } from './availability.ts';
import { type Mark, markEvent } from './marks.ts';

const nodes = nodeNames(3);
const [n1, n2, n3] = nodes as readonly [NodeId, NodeId, NodeId];

type Entry = Omit<HistoryEvent, 'index'>;

const historyOf = (...parts: readonly (Entry | readonly Entry[])[]): readonly HistoryEvent[] =>
  parts
    .flat()
    .toSorted((one, other) => one.time - other.time)
    .map((entry, index) => ({ index, ...entry }));

const mark = (at: number, what: Mark): Entry => markEvent(instant(at), what);

/** From `from` to `until`; asked for and asked to end one unit before. */
const fault = (id: number, kind: Fault, from: number, until: number, held = true): readonly Entry[] => [
  mark(from - 1, { mark: 'begin', id, nemesis: 'x', variant: 'any', targets: '', nodes: [], fault: kind }),
  mark(from, { mark: 'begun', id, kind: kind.kind, held, text: '' }),
  mark(until, { mark: 'end', id, kind: kind.kind }),
  mark(until + 1, { mark: 'ended', id, kind: kind.kind, held: true, text: '' }),
];

const over = (at: number): Entry => mark(at, { mark: 'phase', phase: 'heal' });

/** Process 0 is at home at n1, 1 at n2, 2 at n3, 3 at n1 again. */
function operation(
  process: number,
  f: string,
  from: number,
  until: number,
  type: EventType,
  node?: string,
): readonly Entry[] {
  const common = { process, f, key: 'k' };
  const value: Value = f === 'read' ? null : 1;
  return [
    { ...common, time: from, type: 'invoke', value },
    { ...common, time: until, type, value, ...(node === undefined ? {} : { node }) },
  ];
}

const alone: Fault = { kind: 'partition', cut: between([[n1], [n2, n3]]) };

test('an operation is served by a node on the side of its home, and by no other', () => {
  const history = historyOf(
    fault(1, alone, 100, 200),
    operation(0, 'read', 110, 120, 'ok', n1),
    operation(0, 'read', 130, 140, 'ok', n2),
    operation(1, 'read', 110, 120, 'ok', n2),
    operation(1, 'write', 130, 140, 'ok', n3),
    operation(2, 'write', 110, 120, 'fail'),
    operation(2, 'write', 130, 140, 'ok', n1),
    over(300),
  );
  expect(availabilityOf(history, nodes)).toMatchObject({
    minority: { read: { tried: 2, served: 1 } },
    majority: { read: { tried: 1, served: 1 }, write: { tried: 3, served: 1 } },
  });
});

test('what ran outside of the proof of a fault does not count, nor a fault that was not proven', () => {
  const history = historyOf(
    fault(1, alone, 100, 200),
    fault(2, alone, 300, 400, false),
    operation(0, 'read', 90, 120, 'ok', n1),
    operation(0, 'read', 190, 210, 'info'),
    operation(1, 'read', 310, 320, 'ok', n2),
    over(500),
  );
  expect(availabilityOf(history, nodes)).toMatchObject({ minority: {}, majority: {} });
  expect(availabilityOf(history, nodes).recoveries).toHaveLength(1);
});

test('clients of a node that is down may be served by any other', () => {
  const history = historyOf(
    fault(1, { kind: 'kill', nodes: [n1] }, 100, 200),
    operation(0, 'read', 110, 120, 'ok', n2),
    operation(1, 'read', 110, 120, 'info'),
    over(300),
  );
  expect(availabilityOf(history, nodes).majority).toEqual({ read: { tried: 2, served: 1 } });
});

test('it serves again when clients of every node had every function succeed, with operations that began after healing', () => {
  const served = (from: number, processes: readonly number[]) =>
    processes.flatMap((process) => [
      ...operation(process, 'read', from, from + 2, 'ok', n1),
      ...operation(process, 'write', from + 3, from + 5 + process, 'ok', n1),
    ]);
  const history = historyOf(
    fault(1, alone, 100, 200),
    operation(0, 'read', 199, 203, 'ok', n1),
    served(210, [0, 1, 2]),
    fault(2, alone, 300, 400),
    served(410, [0, 1]),
    operation(2, 'read', 410, 412, 'ok', n3),
    operation(2, 'write', 415, 420, 'fail'),
    over(500),
    served(510, [0, 1, 2]),
  );
  expect(availabilityOf(history, nodes).recoveries).toEqual([16, null]);
});
