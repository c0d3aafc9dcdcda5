/**
 * Who forms the chain, and how one chain follows another. The configuration is a value in the replicated service
 * (keeper.ts); each change of the chain is a new epoch, and an epoch begins inactive: nobody gets a lease for it, and so
 * nothing is committed in it, before every lease of an earlier epoch has surely ended.
 *
 * What is committed has reached every member of the chain that was active then (van Renesse & Schneider 2004, section 3,
 * the Update Propagation Invariant). So the members of the last active chain hold all that is committed, for as long as
 * no later one is active, and each of them can be the next head. Whoever comes behind it follows its log (link.ts).
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';

export interface Configuration {
  readonly [field: string]: Json;
  /** Counts every change of this value. */
  readonly revision: number;
  /** Counts the changes of the chain. */
  readonly epoch: number;
  /** From the head to the tail. */
  readonly chain: readonly NodeId[];
  /** Whether leases may be granted. */
  readonly active: boolean;
  /**
   * The last chain that was active; this one, if it is. They hold all that is committed, and while this chain is not
   * active, they may hold leases of an earlier epoch.
   */
  readonly former: readonly NodeId[];
  /** Those whom an operator has taken out. They do not come back by themselves. */
  readonly excluded: readonly NodeId[];
}

export const initialConfiguration = (members: readonly NodeId[]): Configuration => ({
  revision: 1,
  epoch: 1,
  chain: members,
  active: true,
  former: members,
  excluded: [],
});

/**
 * No chain is shorter than this: it has a node in common with every majority of all nodes, so that whenever a majority
 * is well, so is somebody who holds all that is committed.
 */
export const leastLength = (nodes: number): number => nodes - Math.floor(nodes / 2);

export const headOf = ({ chain }: Configuration): NodeId => chain[0] as NodeId;

export const tailOf = ({ chain }: Configuration): NodeId => chain.at(-1) as NodeId;

export const isMember = ({ chain }: Configuration, node: NodeId): boolean => chain.includes(node);

/** Who comes before the node in the chain, or after it (`by` 1); null at the ends, and for who is not in it. */
export function neighbourOf({ chain }: Configuration, node: NodeId, by: -1 | 1): NodeId | null {
  const at = chain.indexOf(node);
  return at === -1 ? null : (chain[at + by] ?? null);
}

/**
 * Whether what the node does not know to be committed surely is not, or is held by others: then it can forget it, and has
 * to before it joins again.
 */
export const isOut = (now: Configuration, node: NodeId): boolean =>
  !isMember(now, node) && (now.active || !now.former.includes(node));

export interface Wishes {
  /** Members that nobody hears from. */
  readonly lost: readonly NodeId[];
  /** Others that hold nothing but what is committed, and have caught up. */
  readonly joining: readonly NodeId[];
  /** Members of the last active chain that may come back to their places. */
  readonly returning: readonly NodeId[];
  /** All who are to stay out from now on. */
  readonly excluded: readonly NodeId[];
}

/** The next configuration. Null where nothing changes, or where too few would be left or none with all that is committed. */
export function succession(now: Configuration, wishes: Wishes, least: number): Configuration | null {
  const { lost, joining, returning, excluded } = wishes;
  const mayStay = (node: NodeId): boolean => !lost.includes(node) && !excluded.includes(node);
  const whole = now.former.filter((node) => (isMember(now, node) || returning.includes(node)) && mayStay(node));
  const others = now.chain.filter((node) => !now.former.includes(node) && mayStay(node));
  const chain = [...whole, ...others, ...joining.filter(mayStay)];
  const revision = now.revision + 1;
  if (sameNodes(chain, now.chain)) return sameNodes(excluded, now.excluded) ? null : { ...now, revision, excluded };
  if (chain.length < least || whole.length === 0) return null;
  return { revision, epoch: now.epoch + 1, chain, active: false, former: now.former, excluded };
}

/** The same chain, that may serve from now on. */
export const activated = (now: Configuration): Configuration => ({
  ...now,
  revision: now.revision + 1,
  active: true,
  former: now.chain,
});

const sameNodes = (one: readonly NodeId[], other: readonly NodeId[]): boolean =>
  one.length === other.length && one.every((node, at) => node === other[at]);
