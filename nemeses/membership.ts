/**
 * Changes who belongs to the cluster, or who leads it, while it works. One node is taken out, and comes back when the
 * fault ends; or the leader is asked to hand over to another one, as before maintenance. Either needs a majority, so it
 * is planned only while one is well, and leaves one that is.
 */
import { inTouch } from '../src/nemesis/bounds.ts';
import { describe, inRole, primary, untouchedBy } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant, NemesisView, PlannedFault } from '../src/nemesis/nemesis.ts';

type Nodes = NemesisView['nodes'];

const majority = (count: number): number => Math.floor(count / 2) + 1;

const removed = ({ active }: NemesisView): ReadonlySet<Nodes[number]> =>
  new Set(active.flatMap(({ fault }) => (fault.kind === 'membership' && fault.leads !== true ? [fault.node] : [])));

/** The nodes that may go: with each of them a majority of the members is well before and afterwards. */
function mayGo(view: NemesisView): Nodes {
  const { nodes, active } = view;
  const faults = active.map(({ fault }) => fault);
  const gone = removed(view);
  const members = nodes.filter((node) => !gone.has(node));
  const well = new Set(inTouch(faults, nodes));
  const wellMembers = members.filter((node) => well.has(node));
  if (wellMembers.length < majority(members.length)) return [];
  return members.filter((node) => wellMembers.length - (well.has(node) ? 1 : 0) >= majority(members.length - 1));
}

function removal(view: NemesisView, candidates: Nodes): PlannedFault | null {
  if (candidates.length === 0) return null;
  const node = view.random.pick(candidates);
  return { fault: { kind: 'membership', node }, targets: describe([node], view), nodes: [node] };
}

const one: NemesisVariant = {
  name: 'one',
  summary: 'Takes a node out of the configuration, and in again.',
  minimumNodes: 3,
  plan: (view) => removal(view, mayGo(view)),
};

const leader: NemesisVariant = {
  name: 'primary',
  summary: 'Takes the node that leads out of the configuration, and in again.',
  minimumNodes: 3,
  plan: (view) =>
    removal(
      view,
      mayGo(view).filter((node) => node === primary(view)),
    ),
};

const ofRole = (role: string): NemesisVariant => ({
  name: role,
  summary: `Takes the ${role} out of the configuration, and in again.`,
  minimumNodes: 3,
  plan: (view) => removal(view, inRole(role, view, mayGo(view)) ?? []),
});

/** Whoever takes over must be well and in touch with the leader, or it would never come to it. */
const transfer: NemesisVariant = {
  name: 'transfer',
  summary: 'Asks the node that leads to hand over to another one.',
  minimumNodes: 2,
  needs: 'membership:transfer',
  plan(view) {
    const leads = primary(view);
    const gone = removed(view);
    const group = inTouch(
      view.active.map(({ fault }) => fault),
      view.nodes,
    );
    if (leads === null || !group.includes(leads) || group.length < majority(view.nodes.length - gone.size)) return null;
    const heirs = untouchedBy(['disk'], view).filter((node) => node !== leads && group.includes(node));
    if (heirs.length === 0) return null;
    const node = view.random.pick(heirs);
    const targets = `${describe([leads], view)} to ${node}`;
    return { fault: { kind: 'membership', node, leads: true }, targets, nodes: [leads, node] };
  },
};

export const membership: Nemesis = {
  name: 'membership',
  summary: 'Takes nodes out of the configuration and in again, or moves the leadership, by asking the system.',
  needs: ['membership'],
  variants: [one, leader, transfer],
  ofRole,
};
