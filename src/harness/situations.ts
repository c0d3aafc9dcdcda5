/**
 * The situations in which availability is measured. Each is a nemesis of one shape, so that a run is the ordinary run
 * of an ordinary test; the registry does not have them, as they look for nothing.
 */
import type { NodeId } from '../core/ids.ts';
import type { Fault } from '../environments/faults.ts';
import { between } from '../nemesis/grudge.ts';
import type { Nemesis, NemesisView, PlannedFault } from '../nemesis/nemesis.ts';
import { describe } from '../nemesis/targets.ts';

/** As many as may be away while a majority is left. */
const minorityOf = (nodes: readonly NodeId[]): number => Math.floor((nodes.length - 1) / 2);

const split = (sides: readonly (readonly NodeId[])[], view: NemesisView): PlannedFault => {
  const targets = sides.map((side) => describe(side, view)).join(' | ');
  return { fault: { kind: 'partition', cut: between(sides) }, targets, nodes: view.nodes };
};

function situation(
  name: string,
  summary: string,
  kind: Fault['kind'],
  plan: (order: readonly NodeId[], view: NemesisView) => PlannedFault,
): Nemesis {
  const variant = {
    name: 'any',
    summary,
    minimumNodes: 3,
    plan: (view: NemesisView) => plan(view.random.shuffle(view.nodes), view),
  };
  return { name, summary, needs: [kind], variants: [variant] };
}

export const minorityAway: Nemesis = situation(
  'minority-away',
  'As many nodes as are fewer than half are cut off from the rest, together.',
  'partition',
  (order, view) => split([order.slice(0, minorityOf(order)), order.slice(minorityOf(order))], view),
);

export const noMajority: Nemesis = situation(
  'no-majority',
  'The nodes are split into sides of which none is a majority.',
  'partition',
  (order, view) => {
    const size = minorityOf(order);
    return split(
      [order.slice(0, size), order.slice(size, 2 * size), order.slice(2 * size)].filter(({ length }) => length > 0),
      view,
    );
  },
);

export const oneDown: Nemesis = situation(
  'one-down',
  'A single node is killed, and starts again when the fault ends.',
  'kill',
  (order, view) => {
    const nodes = order.slice(0, 1);
    return { fault: { kind: 'kill', nodes }, targets: describe(nodes, view), nodes };
  },
);
