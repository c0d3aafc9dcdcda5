/**
 * Grudges: which links a partition cuts. A link is one direction, so shapes that no switch could produce are possible
 * too. The shapes are Jepsen's (jepsen.nemesis: complete-grudge, bridge, majorities-ring-perfect).
 */
import type { NodeId } from '../core/ids.ts';
import type { Link } from '../environments/faults.ts';

/** Cuts everything between nodes of different components, both ways. */
export const between = (components: readonly (readonly NodeId[])[]): readonly Link[] =>
  components.flatMap((side) => components.flatMap((other) => (side === other ? [] : oneWay(side, other))));

/** Cuts what goes from the first side to the second; answers still flow. */
export const oneWay = (from: readonly NodeId[], to: readonly NodeId[]): readonly Link[] =>
  from.flatMap((sender) => to.map((receiver): Link => [sender, receiver]));

/** The nodes that are not in `some`. */
export const others = (nodes: readonly NodeId[], some: readonly NodeId[]): readonly NodeId[] =>
  nodes.filter((node) => !some.includes(node));

/** The first half and the rest, which is the larger one of an odd number. */
export const halves = (nodes: readonly NodeId[]): readonly [readonly NodeId[], readonly NodeId[]] => {
  const middle = Math.floor(nodes.length / 2);
  return [nodes.slice(0, middle), nodes.slice(middle)];
};

/** Two halves that cannot see each other, and between them the middle node, which sees everybody. */
export const bridge = (nodes: readonly NodeId[]): readonly Link[] => {
  const middle = bridgeNode(nodes);
  return between(halves(nodes).map((side) => others(side, [middle])));
};

/** The node of a bridge that sees both halves. */
export const bridgeNode = (nodes: readonly NodeId[]): NodeId => nodes[Math.floor(nodes.length / 2)] as NodeId;

/**
 * The nodes stand in a ring in the given order, and each hears itself and its neighbours, just enough of them for a
 * majority. So everybody hears a majority and no two hear the same one. Where the majority is even (3, 4 with 6 or 7
 * nodes), one neighbour more is heard on the side before, and some links are cut in one direction only.
 */
export function majoritiesRing(ring: readonly NodeId[]): readonly Link[] {
  const majority = Math.floor(ring.length / 2) + 1;
  const before = Math.floor(majority / 2);
  return ring.flatMap((receiver, place) => {
    const heard = Array.from(
      { length: majority },
      (_, step) => ring[(place - before + step + ring.length) % ring.length],
    );
    return oneWay(
      ring.filter((sender) => !heard.includes(sender)),
      [receiver],
    );
  });
}
