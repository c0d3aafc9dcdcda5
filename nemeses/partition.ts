/**
 * Partitions in the shapes that broke real systems. Isolating a single node comes first, and the primary above all:
 * most of the partition failures that Alquaraan et al. studied ("An Analysis of Network-Partitioning Failures in Cloud
 * Systems", OSDI 2018, section 4) need no more than that.
 */
import { between, bridge, bridgeNode, halves, majoritiesRing, oneWay, others } from '../src/nemesis/grudge.ts';
import { anyNode, choose, describe, inRole } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant, NemesisView, PlannedFault } from '../src/nemesis/nemesis.ts';

type Nodes = NemesisView['nodes'];

const isolation = (view: NemesisView, side: Nodes): PlannedFault => {
  const rest = others(view.nodes, side);
  const targets = `${describe(side, view)} | ${describe(rest, view)}`;
  return { fault: { kind: 'partition', cut: between([side, rest]) }, targets, nodes: side };
};

const one: NemesisVariant = {
  name: 'one',
  summary: 'Cuts one node off.',
  minimumNodes: 2,
  favoured: true,
  plan: (view) => isolation(view, [anyNode(view)]),
};

const primary: NemesisVariant = {
  name: 'primary',
  summary: 'Cuts off the node that leads.',
  minimumNodes: 2,
  favoured: true,
  plan: (view) => isolation(view, choose('primary', view, view.nodes) ?? []),
};

const half: NemesisVariant = {
  name: 'halves',
  summary: 'Splits the cluster into a bare majority and the rest.',
  minimumNodes: 3,
  plan: (view) => isolation(view, halves(view.random.shuffle(view.nodes))[0]),
};

const minorityThird: NemesisVariant = {
  name: 'minority-third',
  summary: 'Cuts off as many nodes as are fewer than a third.',
  minimumNodes: 4,
  plan(view) {
    const size = Math.floor((view.nodes.length - 1) / 3);
    return isolation(view, view.random.shuffle(view.nodes).slice(0, size));
  },
};

const ring: NemesisVariant = {
  name: 'ring',
  summary: 'Everybody hears a majority, and no two hear the same one.',
  minimumNodes: 3,
  plan(view) {
    const order = view.random.shuffle(view.nodes);
    const targets = `ring ${describe(order, view)}`;
    return { fault: { kind: 'partition', cut: majoritiesRing(order) }, targets, nodes: view.nodes };
  },
};

const twoHalvesAndBridge: NemesisVariant = {
  name: 'bridge',
  summary: 'Two halves that see each other through one node only.',
  minimumNodes: 3,
  plan(view) {
    const order = view.random.shuffle(view.nodes);
    const middle = bridgeNode(order);
    const [left, right] = halves(order);
    const sides = [left, [middle], others(right, [middle])].map((side) => describe(side, view));
    return {
      fault: { kind: 'partition', cut: bridge(order) },
      targets: sides.join(' - '),
      nodes: others(order, [middle]),
    };
  },
};

const oneDirection: NemesisVariant = {
  name: 'one-way',
  summary: 'Cuts one direction: a side, often the primary alone, is not heard, or does not hear.',
  minimumNodes: 2,
  plan(view) {
    const { nodes, random } = view;
    const alone = random.chance(0.5) ? choose('primary', view, nodes) : null;
    const side = alone ?? random.shuffle(nodes).slice(0, 1 + random.below(Math.floor(nodes.length / 2)));
    const rest = others(nodes, side);
    const [from, to] = random.chance(0.5) ? [side, rest] : [rest, side];
    const targets = `${describe(from, view)} -/-> ${describe(to, view)}`;
    return { fault: { kind: 'partition', cut: oneWay(from, to) }, targets, nodes: side };
  },
};

const ofRole = (role: string): NemesisVariant => ({
  name: role,
  summary: `Cuts the ${role} off.`,
  minimumNodes: 2,
  plan(view) {
    const side = inRole(role, view, view.nodes);
    return side && isolation(view, side);
  },
});

export const partition: Nemesis = {
  name: 'partition',
  summary: 'Cuts links between nodes.',
  needs: ['partition'],
  variants: [one, primary, half, minorityThird, ring, twoHalvesAndBridge, oneDirection],
  ofRole,
};
