/**
 * What active faults come to: how many nodes are out of touch, how fast clocks run. A claim assumes bounds of both. The
 * schedule plans within them, and the harness does not judge a claim that was asked for more.
 */
import type { NodeId } from '../core/ids.ts';
import type { Fault } from '../environments/faults.ts';
import type { Assumptions } from './nemesis.ts';

export const noLimits: Assumptions = { maxDrift: null, maxDown: null };

/** In which way faults that are active at once go beyond what is assumed, in words for people; null when they do not. */
export function excess(assumes: Assumptions, active: readonly Fault[], nodes: readonly NodeId[]): string | null {
  const { maxDown, maxDrift, noCrash = false } = assumes;
  const down = maxDown === null ? 0 : nodes.length - inTouch(active, nodes).length;
  if (maxDown !== null && down > maxDown)
    return `${down} nodes were down or cut off at once, and the claim assumes at most ${maxDown}`;
  if (noCrash && active.some(isCrash)) return 'a node crashed, and the claim assumes that none does';
  const drift = maxDrift === null ? 0 : mostDrift(active);
  // Rates are multiplied and compared as doubles; a drift of just the bound is within it.
  if (maxDrift !== null && drift > maxDrift + 1e-12)
    return `a clock drifted by ${percent(drift)}, and the claim assumes at most ${percent(maxDrift)}`;
  return null;
}

/** The largest group of nodes that are up and can all reach each other, over others where need be. */
export function inTouch(active: readonly Fault[], nodes: readonly NodeId[]): readonly NodeId[] {
  const away = new Set(active.flatMap(takenDown));
  const cut = new Set(active.flatMap(cutBy));
  const rest = new Set(nodes.filter((node) => !away.has(node)));
  let largest: readonly NodeId[] = [];
  for (const first of rest) {
    const group = [first];
    rest.delete(first);
    for (const one of group) {
      for (const other of rest) {
        if (cut.has(`${one} ${other}`) || cut.has(`${other} ${one}`)) continue;
        rest.delete(other);
        group.push(other);
      }
    }
    if (group.length > largest.length) largest = group;
  }
  return largest;
}

/** The nodes that the fault takes away, whatever the others do. */
function takenDown(fault: Fault): readonly NodeId[] {
  if (fault.kind === 'kill' || fault.kind === 'pause') return fault.nodes;
  if (fault.kind === 'disk') return fault.trouble.type === 'slow' ? [] : fault.nodes;
  return fault.kind === 'membership' && fault.leads !== true ? [fault.node] : [];
}

/** What is in memory and not on disk is gone, or the disk itself is. */
const isCrash = (fault: Fault): boolean =>
  fault.kind === 'kill' || (fault.kind === 'disk' && fault.trouble.type !== 'slow');

/** Links over which nothing comes. */
function cutBy(fault: Fault): readonly string[] {
  const links = fault.kind === 'partition' ? fault.cut : [];
  const held = fault.kind === 'packets' && fault.weather.type === 'hold' ? fault.links : [];
  return [...links, ...held].map(([from, to]) => `${from} ${to}`);
}

/** By how much the clocks of some node are too fast or too slow, as a share. Drifts of one node multiply. */
function mostDrift(active: readonly Fault[]): number {
  const rates = new Map<NodeId, number>();
  for (const fault of active) {
    if (fault.kind !== 'clock' || fault.skew.type !== 'drift') continue;
    for (const node of fault.nodes) rates.set(node, (rates.get(node) ?? 1) * (1 + fault.skew.rate));
  }
  return Math.max(0, ...[...rates.values()].map((rate) => Math.abs(rate - 1)));
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))}%`;
