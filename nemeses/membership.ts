/**
 * Changes who belongs to the cluster while it works: one node is taken out, and comes back when the fault ends. The
 * change itself needs a majority, so it is planned only while one is well, and leaves one that is.
 */
import { inTouch } from '../src/nemesis/bounds.ts';
import { describe, primary } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant, NemesisView, PlannedFault } from '../src/nemesis/nemesis.ts';

type Nodes = NemesisView['nodes'];

const majority = (count: number): number => Math.floor(count / 2) + 1;

/** The nodes that may go: with each of them a majority of the members is well before and afterwards. */
function mayGo({ nodes, active }: NemesisView): Nodes {
  const faults = active.map(({ fault }) => fault);
  const gone = new Set(faults.flatMap((fault) => (fault.kind === 'membership' ? [fault.node] : [])));
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

export const membership: Nemesis = {
  name: 'membership',
  summary: 'Takes nodes out of the configuration and in again, by asking the system.',
  needs: ['membership'],
  variants: [one, leader],
};
