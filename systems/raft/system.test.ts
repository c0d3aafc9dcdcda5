import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { raft } from './system.ts';
import { Stage } from './testing/stage.ts';

const nodes = nodeNames(5);

const given = (values: SystemOptions['values']) => ({ bug: null, values });

test('raft promises linearizability whatever fails, and progress while a majority is well', () => {
  const [claim] = raft.claims(given({}), nodes);

  expect(claim).toMatchObject({ model: 'linearizable', operations: ['read', 'write', 'cas'], assumes: {} });
  expect(claim?.live(nodes.slice(0, 3), nodes)).toEqual(['read', 'write', 'cas']);
  expect(claim?.live(nodes.slice(0, 2), nodes)).toEqual([]);
  expect(claim?.live(nodes.slice(0, 2), nodes.slice(0, 4))).toEqual([]);
});

test('timeouts that could never keep or elect a leader are refused with the reason', () => {
  expect(() => raft.claims(given({ heartbeat: 500 }), nodes)).toThrow(
    'raft: heartbeat must be shorter than electionMin, or followers would campaign between two.',
  );
  expect(() => raft.claims(given({ electionMin: 1000 }), nodes)).toThrow(
    'raft: electionMin must be below electionMax, or all nodes would campaign at once.',
  );
});

test('what is promised depends on how reads are made', () => {
  const promised = (values: { readonly [name: string]: number | string }) =>
    raft.claims(given(values), nodes).map(({ model, assumes }) => ({ model, assumes }));

  expect(promised({ reads: 'index' })).toEqual([{ model: 'linearizable', assumes: {} }]);
  expect(promised({ reads: 'lease', maxDrift: 0.02 })).toEqual([
    { model: 'linearizable', assumes: { maxDrift: 0.02 } },
  ]);
  expect(promised({ reads: 'lease' })).toEqual([{ model: 'linearizable', assumes: { maxDrift: 0.05 } }]);
  expect(promised({ reads: 'local' })).toEqual([{ model: 'sequential', assumes: {} }]);
});

test('how soon it serves again follows from the timeouts, and nothing is said where ordinary delays outlast them', () => {
  const within = (values: SystemOptions['values']) =>
    raft.claims(given(values), nodes).map((claim) => (claim.recoversWithin ?? Number.NaN) / 1e9);

  expect(within({})).toEqual([30]);
  expect(within({ electionMin: 30_000, electionMax: 60_000 })).toEqual([1800]);
  expect(within({ electionMin: 10, electionMax: 20, heartbeat: 5 })).toEqual([Number.NaN]);
  expect(within({ electionMin: 500, electionMax: 1000, heartbeat: 401 })).toEqual([Number.NaN]);
  expect(within({ electionMin: 500, electionMax: 503 })).toEqual([Number.NaN]);
  for (const { options } of raft.bugs) expect(within(options)[0]).toBeGreaterThan(5);
});

test('writes are promised only where there is room for the sessions of many clients', () => {
  const live = (maxSessions: number) => raft.claims(given({ maxSessions }), nodes)[0]?.live(nodes.slice(0, 3), nodes);

  expect(live(24)).toEqual(['read', 'write', 'cas']);
  expect(live(23)).toEqual(['read']);
  const { explored = [] } = raft.options.find(({ name }) => name === 'maxSessions') ?? {};
  expect(Math.min(...explored.map(Number))).toBeGreaterThanOrEqual(24);
});

test('what exploring draws changes no model that is claimed', () => {
  for (const { name, explored = [] } of raft.options)
    for (const value of explored)
      expect(raft.claims(given({ [name]: value }), nodes).map(({ model }) => model)).toEqual(['linearizable']);
});

test('every bug names options that exist, so that the correct twin can run with the same', () => {
  const names = raft.options.map(({ name }) => name);
  for (const { options } of raft.bugs) {
    expect(names).toEqual(expect.arrayContaining(Object.keys(options)));
    expect(raft.claims({ bug: null, values: options }, nodes)).toHaveLength(1);
  }
  expect(raft.bugs.filter(({ sync }) => sync === 'every-second').map(({ name }) => name)).toEqual(['no-fsync']);
});

test('members are changed by requests and seen by inspection', () => {
  const stage = new Stage();
  const [n1, , n3] = nodeNames(3);
  stage.elect('n1');
  const removal = raft.membership?.change({ type: 'remove', node: n3 as NodeId });
  const addition = raft.membership?.change({ type: 'add', node: n3 as NodeId });

  expect(stage.ask('n1', removal as RequestBody)).toMatchObject({ type: 'remove_server_ok' });
  expect(raft.membership?.members(stage.machine('n1').inspect())).toEqual([n1, 'n2']);
  expect(stage.ask('n1', addition as RequestBody)).toMatchObject({ type: 'add_server_ok' });
  expect(raft.membership?.members(stage.machine('n1').inspect())).toEqual(nodeNames(3));
  expect(raft.membership?.members({ role: 'unknown' })).toEqual([]);
});
