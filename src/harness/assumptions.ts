/** Whether the faults of a run went beyond what a claim assumes. A claim that was asked too much is not judged. */
import type { Claim } from '../protocol/system.ts';
import type { Fault } from '../environments/faults.ts';
import { nodesOf } from '../environments/faults.ts';
import type { LoggedFault } from './fault-log.ts';

/** In words for people; null when the claim may be judged. */
export function exceeded(claim: Claim, faults: readonly LoggedFault[], nodes: readonly string[]): string | null {
  const { maxDown } = claim.assumes;
  if (maxDown === undefined) return null;
  const worst = mostAway(faults, nodes);
  return worst > maxDown
    ? `${worst} nodes were down or cut off at once, and the claim assumes at most ${maxDown}`
    : null;
}

/** The most nodes that were down, paused or out of touch at any one time. */
function mostAway(faults: readonly LoggedFault[], nodes: readonly string[]): number {
  let most = 0;
  for (const { asked } of faults) {
    const active = faults.filter((fault) => fault.asked <= asked && asked < fault.ended);
    most = Math.max(
      most,
      away(
        active.map(({ begin }) => begin.fault),
        nodes,
      ),
    );
  }
  return most;
}

/** Nodes outside the largest group whose members can all reach each other, over others where need be. */
function away(active: readonly Fault[], nodes: readonly string[]): number {
  const down = new Set<string>();
  const cut = new Set<string>();
  for (const fault of active) {
    if (fault.kind === 'partition') for (const [from, to] of fault.cut) cut.add(`${from} ${to}`);
    else if (fault.kind !== 'clock' && fault.kind !== 'packets') for (const node of nodesOf(fault)) down.add(node);
  }
  const rest = new Set(nodes.filter((node) => !down.has(node)));
  let largest = 0;
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
    largest = Math.max(largest, group.length);
  }
  return nodes.length - largest;
}
