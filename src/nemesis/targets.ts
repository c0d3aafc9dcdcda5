/** Whom a fault hits: one node, the largest minority, the smallest majority, all, the primary, or who has some role. */
import type { NodeId } from '../core/ids.ts';
import { isLeading } from '../core/inspection.ts';
import type { FaultKind } from '../environments/faults.ts';
import { nodesOf } from '../environments/faults.ts';
import type { NemesisView } from './nemesis.ts';

export type TargetName = 'one' | 'minority' | 'majority' | 'all' | 'primary';

/** How many of `count` nodes the name means. */
const sizes: { readonly [name in TargetName]: (count: number) => number } = {
  one: () => 1,
  primary: () => 1,
  minority: (count) => Math.floor((count - 1) / 2),
  majority: (count) => Math.floor(count / 2) + 1,
  all: (count) => count,
};

/** The fewest nodes with which the name means somebody. */
export const minimumFor = (name: TargetName): number => (name === 'minority' ? 3 : 1);

/**
 * The nodes that the name means, taken at random among those that `available` lists, in the order of the cluster. Null
 * when too few are available: a smaller fault under the same name would make the coverage a lie.
 */
export function choose(name: TargetName, view: NemesisView, available: readonly NodeId[]): readonly NodeId[] | null {
  if (name === 'primary') {
    const node = primary(view) ?? (available.length === 0 ? null : view.random.pick(available));
    return node !== null && available.includes(node) ? [node] : null;
  }
  const size = sizes[name](view.nodes.length);
  if (size === 0 || size > available.length) return null;
  const chosen = new Set(view.random.shuffle(available).slice(0, size));
  return view.nodes.filter((node) => chosen.has(node));
}

/** The node with the highest term among those that say they lead, or null when nobody said so. */
export function primary(view: NemesisView): NodeId | null {
  let highest: NodeId | null = null;
  let term = -Infinity;
  for (const node of view.nodes) {
    const inspection = view.inspections.get(node);
    if (inspection === undefined || !isLeading(inspection) || (inspection.term ?? 0) <= term) continue;
    highest = node;
    term = inspection.term ?? 0;
  }
  return highest;
}

/**
 * One of those that say they have the role, in the highest term that any of them knows; null when nobody does, or none of
 * them is available.
 */
export function inRole(role: string, view: NemesisView, available: readonly NodeId[]): readonly NodeId[] | null {
  const holders = view.nodes.flatMap((node) => {
    const inspection = view.inspections.get(node);
    return inspection?.role === role ? [{ node, term: inspection.term ?? 0 }] : [];
  });
  const latest = Math.max(...holders.map(({ term }) => term));
  const free = holders.filter(({ node, term }) => term === latest && available.includes(node));
  return free.length === 0 ? null : [view.random.pick(free).node];
}

/** The nodes that no active fault of these kinds holds. */
export function untouchedBy(kinds: readonly FaultKind[], view: NemesisView): readonly NodeId[] {
  const held = new Set<NodeId>();
  for (const { fault } of view.active) {
    if (kinds.includes(fault.kind)) for (const node of nodesOf(fault)) held.add(node);
  }
  return view.nodes.filter((node) => !held.has(node));
}

/**
 * One node at random. Where faults hold fewer than half of the nodes, it is one of those half of the time: what breaks
 * only when two things go wrong at once breaks where they meet.
 */
export function anyNode(view: NemesisView): NodeId {
  const { nodes, active, random } = view;
  const few = active.filter((fault) => fault.nodes.length * 2 < nodes.length).flatMap((fault) => fault.nodes);
  return random.pick(few.length > 0 && random.chance(0.5) ? few : nodes);
}

/** Whether one of the two hits fewer than half of the nodes, and all of these suffer from the other one, too. */
export function meet(one: readonly NodeId[], other: readonly NodeId[], count: number): boolean {
  const [few, more] = one.length < other.length ? [one, other] : [other, one];
  return few.length > 0 && few.length * 2 < count && few.every((node) => more.includes(node));
}

/** `n3 (primary)`: names the nodes, and which of them leads. */
export function describe(nodes: readonly NodeId[], view: NemesisView): string {
  const leader = primary(view);
  return nodes.map((node) => (node === leader ? `${node} (primary)` : node)).join(' ');
}
