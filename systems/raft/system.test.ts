import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import { raft } from './system.ts';

const given = (values: { readonly [name: string]: number }) => ({ bug: null, values });

test('raft promises linearizability whatever fails, and progress while a majority is well', () => {
  const nodes = nodeNames(5);
  const [claim] = raft.claims(given({}));

  expect(claim).toMatchObject({ model: 'linearizable', operations: ['read', 'write', 'cas'], assumes: {} });
  expect(claim?.live(nodes.slice(0, 3), nodes)).toEqual(['read', 'write', 'cas']);
  expect(claim?.live(nodes.slice(0, 2), nodes)).toEqual([]);
  expect(claim?.live(nodes.slice(0, 2), nodes.slice(0, 4))).toEqual([]);
});

test('timeouts that could never keep or elect a leader are refused with the reason', () => {
  expect(() => raft.claims(given({ heartbeat: 500 }))).toThrow(
    'raft: heartbeat must be shorter than electionMin, or followers would campaign between two.',
  );
  expect(() => raft.claims(given({ electionMin: 1000 }))).toThrow(
    'raft: electionMin must be below electionMax, or all nodes would campaign at once.',
  );
});
