import { nodeId, nodeNames } from '../../core/ids.ts';
import type { Inspection } from '../../core/inspection.ts';
import { seeded } from '../../core/random.ts';
import { nodesOf, type Fault } from '../../environments/faults.ts';
import { noLimits } from '../bounds.ts';
import type { Assumptions, NemesisView } from '../nemesis.ts';

export interface Look {
  readonly seed?: number;
  /** By name of the node. Without an entry it did not answer. */
  readonly inspections?: { readonly [node: string]: Inspection };
  readonly active?: readonly Fault[];
  readonly assumes?: Partial<Assumptions>;
}

export const viewOf = (
  nodeCount: number,
  { seed = 1, inspections = {}, active = [], assumes = {} }: Look = {},
): NemesisView => ({
  nodes: nodeNames(nodeCount),
  inspections: new Map(Object.entries(inspections).map(([node, inspection]) => [nodeId(node), inspection])),
  active: active.map((fault, index) => ({
    id: index + 1,
    nemesis: 'other',
    fault,
    nodes: [...new Set(nodesOf(fault))],
  })),
  random: seeded(seed),
  assumes: { ...noLimits, ...assumes },
});

export const follower: Inspection = { role: 'follower', term: 1 };

export const leader = (term: number): Inspection => ({ role: 'leader', term });
