import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { settingsOf } from './settings.ts';
import { craq } from './system.ts';
import { Stage } from './testing/stage.ts';

const nodes = nodeNames(5);

const given = (values: SystemOptions['values']) => ({ bug: null, values });

const claimed = (values: SystemOptions['values']) => craq.claims(given(values), nodes)[0];

test('it promises linearizability while clocks keep pace, and progress while a majority is well', () => {
  const claim = claimed({});

  expect(claim).toMatchObject({ model: 'linearizable', assumes: { maxDrift: 0.05 } });
  expect(claim?.live(nodes.slice(0, 3), nodes)).toEqual(['read', 'write', 'cas']);
  expect(claim?.live(nodes.slice(0, 2), nodes)).toEqual([]);
  expect(claim?.live(nodes.slice(0, 2), nodes.slice(0, 4))).toEqual([]);
  expect(claimed({ reads: 'tail', maxDrift: 0.2 })).toMatchObject({
    model: 'linearizable',
    assumes: { maxDrift: 0.2 },
  });
  expect(claimed({ reads: 'eventual' })?.model).toBe('eventual');
  expect(claimed({ maxSessions: 23 })?.live(nodes, nodes)).toEqual(['read']);
});

test('timeouts that contradict each other are refused with the reason', () => {
  expect(() => claimed({ lease: 100 })).toThrow(
    'craq: beat must be shorter than lease, or leases would end before they are renewed.',
  );
  expect(() => claimed({ beat: 550 })).toThrow('raft: heartbeat must be shorter than electionMin');
});

test('how soon it serves again follows from the timeouts, and nothing is said where slow answers outlast them', () => {
  const within = (values: SystemOptions['values']) => (claimed(values)?.recoversWithin ?? Number.NaN) / 1e9;

  expect(within({})).toBeCloseTo(30 + 20 * (1 + 1.05 / 0.95), 6);
  expect(within({ lease: 199 })).toBeNaN();
  expect(within({ suspicion: 100 })).toBeNaN();
});

test('the keeper waits for longer than any lease lasts, however clocks drift within what is assumed', () => {
  for (const maxDrift of [0, 0.01, 0.2, 0.5]) {
    const { lease, leaseEnds } = settingsOf(given({ maxDrift }));
    expect(leaseEnds / (1 + maxDrift)).toBeGreaterThanOrEqual(lease / (1 - maxDrift));
  }
});

test('what exploring draws changes no model that is claimed, and leaves the recovery promised', () => {
  for (const { name, explored = [] } of craq.options)
    for (const value of explored) {
      const claim = claimed({ [name]: value });
      expect([name, value, claim?.model]).toEqual([name, value, 'linearizable']);
      expect(claim?.recoversWithin).toBeDefined();
      expect(claim?.live(nodes, nodes)).toEqual(['read', 'write', 'cas']);
    }
});

test('every bug names options that exist, so that the correct twin can run with the same', () => {
  const names = craq.options.map(({ name }) => name);
  for (const { options } of craq.bugs) expect(names).toEqual(expect.arrayContaining(Object.keys(options)));
});

test('members are changed by requests and seen by inspection, and roles are those that it names', () => {
  const stage = new Stage();
  stage.begin();
  const keeper = stage.keeper();
  const ask = (type: 'add' | 'remove'): unknown => {
    const request = stage.request(keeper, craq.membership?.change({ type, node: 'n2' as NodeId }) as RequestBody);
    stage.pass(1_000);
    return stage.answer(request)?.type;
  };
  const roles = () => nodeNames(3).map((name) => stage.machine(name).inspect().role);

  expect(roles()).toEqual(craq.roles);
  expect(ask('remove')).toBe('remove_node_ok');
  expect(craq.membership?.members(stage.machine('n1').inspect())).toEqual(['n1', 'n3']);
  expect(roles()).toEqual(['head', 'removed', 'tail']);
  expect(ask('add')).toBe('add_node_ok');
  expect(craq.membership?.members(stage.machine('n1').inspect())).toEqual(['n1', 'n3', 'n2']);
  expect(craq.membership?.members({ role: 'unknown' })).toEqual([]);
  expect(stage.machine('n1').inspect()).toMatchObject({ leads: true, term: 3 });
  expect(stage.machine('n3').inspect()).toMatchObject({ leads: false, term: 3 });
});

test('what nodes count becomes the share of reads for which the tail was not asked', () => {
  expect(craq.figures?.({ readsAtTail: 20, readsClean: 70, readsAsked: 10 })).toEqual([
    'Of 100 reads 20.0% were answered at the tail, 70.0% elsewhere without asking it, and 10.0% elsewhere after asking it.',
  ]);
  expect(craq.figures?.({})).toEqual([]);
});
