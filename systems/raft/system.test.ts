import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { raft } from './system.ts';
import { Stage } from './testing/stage.ts';

const nodes = nodeNames(5);

const given = (values: { readonly [name: string]: number | string }) => ({ bug: null, values });

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
