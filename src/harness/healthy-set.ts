/** Draws for the liveness phase: which nodes are left alone, what they then promise, and how the rest is broken. */
import type { NodeId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Fault, FaultKind, Link } from '../environments/faults.ts';
import { between, others } from '../nemesis/grudge.ts';
import type { Claim } from '../protocol/system.ts';

export interface HealthySet {
  readonly nodes: readonly NodeId[];
  /** What must succeed at each of them. */
  readonly promised: readonly string[];
}

export interface Candidates {
  readonly claims: readonly Claim[];
  /** The functions that the workload generates. */
  readonly functions: readonly string[];
  readonly nodes: readonly NodeId[];
  /** What may be broken: the kinds that the nemeses of the run break, too. */
  readonly kinds: ReadonlySet<FaultKind>;
}

/** How nodes can be broken for good. */
const ways = ['kill', 'pause', 'partition'] as const;

/**
 * Mostly the smallest number of nodes under which anything is promised, as nothing may go wrong there; now and then a
 * larger one, under which more may be promised. All nodes, where nothing may be broken. Null when nothing is promised.
 */
export function drawHealthy({ claims, functions, nodes, kinds }: Candidates, random: Random): HealthySet | null {
  const order = random.shuffle(nodes);
  const mayBreak = ways.some((way) => kinds.has(way));
  const down = claims.map(({ assumes }) => assumes.maxDown ?? nodes.length);
  const least = mayBreak ? Math.max(1, nodes.length - Math.min(nodes.length, ...down)) : nodes.length;
  const sets: HealthySet[] = [];
  for (let size = least; size <= nodes.length; size++) {
    const chosen = order.slice(0, size);
    const healthy = nodes.filter((node) => chosen.includes(node));
    const promised = functions.filter((f) => claims.some((claim) => claim.live(healthy, nodes).includes(f)));
    if (promised.length > 0) sets.push({ nodes: healthy, promised });
  }
  const [smallest] = sets;
  if (smallest === undefined) return null;
  return random.chance(0.75) ? smallest : random.pick(sets);
}

export interface Breakage {
  readonly fault: Fault;
  /** Those that suffer. */
  readonly nodes: readonly NodeId[];
}

/** Each node of the rest is killed, paused or cut off; those that are cut off are so together, or each by itself. */
export function drawBreakage(
  { nodes, kinds }: Candidates,
  healthy: readonly NodeId[],
  random: Random,
): readonly Breakage[] {
  const possible = ways.filter((way) => kinds.has(way));
  if (possible.length === 0) return [];
  const drawn = others(nodes, healthy).map((node) => ({ node, way: random.pick(possible) }));
  const together = random.chance(0.5);
  return possible.flatMap((way): Breakage[] => {
    const hit = drawn.filter((one) => one.way === way).map(({ node }) => node);
    if (hit.length === 0) return [];
    if (way !== 'partition') return [{ fault: { kind: way, nodes: hit }, nodes: hit }];
    return [{ fault: { kind: way, cut: cutOff(nodes, hit, together) }, nodes: hit }];
  });
}

const cutOff = (nodes: readonly NodeId[], hit: readonly NodeId[], together: boolean): readonly Link[] =>
  between([...(together ? [hit] : hit.map((node) => [node])), others(nodes, hit)]);
