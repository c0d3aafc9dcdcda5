/**
 * A short circle to show. Most violations have one of two transactions, which is found by looking at each edge once;
 * otherwise a breadth-first search from some vertices of the smallest component. Nodes of time cost nothing: the
 * length is that of what is told.
 */
import type { Transaction } from './transaction.ts';
import { componentsOf, type Successors } from './components.ts';
import { passage, type DependencyGraph } from './graph.ts';

/** Each walks through a whole component in the worst case. */
const tries = 24;

/** Edges without those of rule `passage`: an order in time leads from one transaction to the next one told. */
export type Circle = readonly { readonly edge: number; readonly from: number; readonly to: number }[];

/** Null where there is none. */
export function shortestCircle(
  graph: DependencyGraph,
  successors: Successors,
  transactions: readonly Transaction[],
  inTime: boolean,
): Circle | null {
  const { of, sizes } = componentsOf(graph.vertices, successors);
  const smallest = sizes.reduce((best, size, number) => {
    const least = best < 0 ? Infinity : sizes[best]!;
    return size > 1 && size < least ? number : best;
  }, -1);
  if (smallest < 0) return null;
  const pair = pairIn(graph, successors, transactions, inTime);
  if (pair !== null) return pair;
  const members = [...of.keys()].filter((vertex) => of[vertex] === smallest && vertex < graph.transactions);
  const step = Math.max(1, Math.floor(members.length / tries));
  let best: Circle | null = null;
  for (let place = 0; place < members.length; place += step) {
    const circle = circleFrom(members[place]!, graph, successors, of);
    if (circle !== null && (best === null || circle.length < best.length)) best = circle;
    if (best?.length === 2) break;
  }
  return best;
}

/** Two transactions that come before each other. Of those in time, the one that was over for longest. */
function pairIn(
  { from, to, rule, transactions: count }: DependencyGraph,
  { edge: edges }: Successors,
  transactions: readonly Transaction[],
  inTime: boolean,
): Circle | null {
  const direct = new Map<number, number>();
  let best: { readonly circle: Circle; readonly gap: number } | null = null;
  for (const edge of edges) {
    const [one, other] = [from[edge]!, to[edge]!];
    if (one >= count || other >= count) continue;
    const back = direct.get(other * count + one);
    if (back !== undefined)
      return [
        { edge: back, from: other, to: one },
        { edge, from: one, to: other },
      ];
    if (!direct.has(one * count + other)) direct.set(one * count + other, edge);
    if (!inTime || rule[edge] === 3) continue;
    const [first, second] = [transactions[one]!.operation, transactions[other]!.operation];
    if (second.returned >= first.called) continue;
    const gap = first.invokedAt - second.completedAt;
    if (best !== null && best.gap >= gap) continue;
    const circle = [
      { edge: -1, from: other, to: one },
      { edge, from: one, to: other },
    ];
    best = { circle, gap };
  }
  return best?.circle ?? null;
}

/** The shortest way from the vertex back to itself within its component; null where that is too long to find. */
function circleFrom(
  root: number,
  { rule, vertices, transactions: count }: DependencyGraph,
  { start, to, edge }: Successors,
  component: Int32Array,
): Circle | null {
  const cameBy = new Int32Array(vertices).fill(-1);
  const cameFrom = new Int32Array(vertices).fill(-1);
  let near: number[] = [root];
  while (near.length > 0) {
    const far: number[] = [];
    for (let vertex = near.pop(); vertex !== undefined; vertex = near.pop()) {
      for (let place = start[vertex]!; place < start[vertex + 1]!; place++) {
        const target = to[place]!;
        if (component[target] !== component[root] || cameFrom[target]! >= 0) continue;
        cameFrom[target] = vertex;
        cameBy[target] = edge[place]!;
        if (target === root) return told(root, cameFrom, cameBy, count);
        if (rule[edge[place]!] === passage) near.push(target);
        else far.push(target);
      }
    }
    near = far;
  }
  return null;
}

/** Walks back from the root, and leaves the nodes of time out. */
function told(root: number, cameFrom: Int32Array, cameBy: Int32Array, count: number): Circle {
  const circle: { edge: number; from: number; to: number }[] = [];
  let to = root;
  let at = root;
  do {
    let edge = cameBy[at]!;
    at = cameFrom[at]!;
    const isInTime = at >= count;
    for (; at >= count; at = cameFrom[at]!) edge = -1;
    circle.unshift({ edge: isInTime ? -1 : edge, from: at, to });
    to = at;
  } while (at !== root);
  return circle;
}
