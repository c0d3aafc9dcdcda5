import { expect, test } from 'vitest';
import { type NodeId, nodeNames } from '../core/ids.ts';
import { milliseconds } from '../core/time.ts';
import type { Fault, Link, PacketWeather } from '../environments/faults.ts';
import { excess, inTouch, noLimits } from './bounds.ts';

const nodes = nodeNames(5);
const [n1, n2, n3] = nodes as [NodeId, NodeId, NodeId];
const kill = (...killed: NodeId[]): Fault => ({ kind: 'kill', nodes: killed });
const links = nodes.filter((node) => node !== n1).map((node): Link => [n1, node]);
const packets = (weather: PacketWeather): Fault => ({ kind: 'packets', links, weather });
const drift = (rate: number, ...of: NodeId[]): Fault => ({ kind: 'clock', nodes: of, skew: { type: 'drift', rate } });
const disk = (type: 'torn' | 'full'): Fault => ({ kind: 'disk', nodes: [n3], trouble: { type } });

test('a node is out of touch that is down, paused, torn, removed, cut off or held from', () => {
  const away = (...active: Fault[]): number => nodes.length - inTouch(active, nodes).length;
  expect(away()).toBe(0);
  expect(away(kill(n1, n2), { kind: 'pause', nodes: [n2, n3] })).toBe(3);
  expect(away(disk('torn'))).toBe(1);
  expect(away(disk('full'), { kind: 'membership', node: n2 })).toBe(2);
  expect(away({ kind: 'membership', node: n2, leads: true })).toBe(0);
  expect(away({ kind: 'partition', cut: links })).toBe(1);
  expect(away(packets({ type: 'hold' }), kill(n1))).toBe(1);
});

test('a slow disk, bad weather and wrong clocks take nobody away', () => {
  const active: Fault[] = [
    { kind: 'disk', nodes, trouble: { type: 'slow', sync: milliseconds(50) } },
    packets({ type: 'loss', share: 0.5 }),
    drift(0.1, n1, n2),
  ];
  expect(inTouch(active, nodes)).toEqual(nodes);
});

test('what is assumed of nodes and of clocks is compared with what all active faults come to', () => {
  expect(excess({ ...noLimits, maxDown: 2 }, [kill(n1, n2)], nodes)).toBe(null);
  expect(excess({ ...noLimits, maxDown: 1 }, [kill(n1), kill(n2)], nodes)).toBe(
    '2 nodes were down or cut off at once, and the claim assumes at most 1',
  );
  expect(excess({ ...noLimits, maxDrift: 0.01 }, [drift(-0.01, n1), drift(0.01, n2)], nodes)).toBe(null);
  expect(excess({ ...noLimits, maxDrift: 0.01 }, [drift(0.01, n1, n2), drift(0.01, n2)], nodes)).toBe(
    'a clock drifted by 2.01%, and the claim assumes at most 1%',
  );
  expect(excess({ ...noLimits, maxDrift: 0.01 }, [drift(-0.02, n1)], nodes)).toContain('drifted by 2%');
});

test('where no crash is assumed, kills and failing disks are too much, and nothing else is', () => {
  const assumes = { ...noLimits, noCrash: true } as const;
  const complaint = 'a node crashed, and the claim assumes that none does';
  expect([kill(n1), disk('torn'), disk('full')].map((fault) => excess(assumes, [fault], nodes))).toEqual([
    complaint,
    complaint,
    complaint,
  ]);
  const active: Fault[] = [
    { kind: 'pause', nodes: [n1] },
    { kind: 'partition', cut: links },
    { kind: 'disk', nodes, trouble: { type: 'slow', sync: milliseconds(50) } },
    drift(0.1, n1),
  ];
  expect(excess(assumes, active, nodes)).toBe(null);
});

test('without limits nothing is too much', () => {
  expect(excess(noLimits, [kill(...nodes), drift(5, n1)], nodes)).toBe(null);
});
