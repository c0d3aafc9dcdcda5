import { describe, expect, it } from 'vitest';
import type { Fault, Link } from '../environments/faults.ts';
import { instant } from '../core/time.ts';
import type { NodeId } from '../core/ids.ts';
import type { Claim } from '../protocol/system.ts';
import { assumptionsOf, exceeded } from './assumptions.ts';
import { faultLog } from './fault-log.ts';
import { type Mark, markEvent, marksOf } from './marks.ts';

const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'] as NodeId[];
const begin = (id: number, fault: Fault): Mark => ({
  mark: 'begin',
  id,
  nemesis: 'x',
  variant: 'x',
  targets: '',
  nodes: [],
  fault,
});
const ended = (id: number): Mark => ({ mark: 'ended', id, kind: 'kill', held: true, text: '' });
const kill = (...names: string[]): Fault => ({ kind: 'kill', nodes: names as NodeId[] });
const isolate = (name: string): Fault => ({
  kind: 'partition',
  cut: nodes.filter((node) => node !== name).map((node) => [name, node] as unknown as Link),
});

const worst = (maxDown: number | undefined, ...marks: Mark[]): string | null =>
  beyond(maxDown === undefined ? {} : { maxDown }, ...marks);

const beyond = (assumes: Claim['assumes'], ...marks: Mark[]): string | null => {
  const claim = { model: 'linearizable', operations: [], assumes, live: () => [] } as const;
  const events = marks.map((mark, index) => ({ index, ...markEvent(instant(index), mark) }));
  return exceeded(claim, faultLog(marksOf(events)), nodes);
};

describe('the assumptions of a claim', () => {
  it('are exceeded by more nodes that are down or cut off at once', () => {
    expect(worst(1, begin(1, kill('n1')))).toBe(null);
    expect(worst(1, begin(1, kill('n1', 'n2')))).toBe(
      '2 nodes were down or cut off at once, and the claim assumes at most 1',
    );
  });

  it('count faults that overlap together, and others not', () => {
    expect(worst(1, begin(1, kill('n1')), begin(2, isolate('n2')))).toContain('2 nodes');
    expect(worst(1, begin(1, kill('n1')), ended(1), begin(2, isolate('n2')))).toBe(null);
    expect(worst(1, begin(1, kill('n1')), begin(2, kill('n1')))).toBe(null);
  });

  it('take a node that is not heard in one direction for cut off, and a ring for whole', () => {
    expect(worst(0, begin(1, isolate('n3')))).toContain('1 nodes');
    const ring: Fault = {
      kind: 'partition',
      cut: [
        ['n1', 'n3'],
        ['n2', 'n4'],
        ['n3', 'n5'],
      ] as unknown as Link[],
    };
    expect(worst(0, begin(1, ring))).toBe(null);
  });

  it('are exceeded by a clock that drifts more, and not by one that does so after the first was put right', () => {
    const drift = (rate: number): Fault => ({ kind: 'clock', nodes: nodes.slice(0, 2), skew: { type: 'drift', rate } });
    expect(beyond({ maxDrift: 0.05 }, begin(1, drift(0.05)), ended(1), begin(2, drift(-0.05)))).toBe(null);
    expect(beyond({ maxDrift: 0.05 }, begin(1, drift(0.05)), begin(2, drift(0.05)))).toBe(
      'a clock drifted by 10.25%, and the claim assumes at most 5%',
    );
    expect(beyond({ maxDown: 5 }, begin(1, drift(0.5)))).toBe(null);
  });

  it('of several claims are as strict as the strictest', () => {
    expect(assumptionsOf([{ assumes: { maxDown: 2 } }, { assumes: { maxDown: 1, maxDrift: 0.1 } }])).toEqual({
      maxDown: 1,
      maxDrift: 0.1,
    });
    expect(assumptionsOf([{ assumes: {} }])).toEqual({ maxDown: null, maxDrift: null });
  });

  it('are not exceeded where nothing is assumed', () => {
    expect(worst(undefined, begin(1, kill(...nodes)))).toBe(null);
  });
});
