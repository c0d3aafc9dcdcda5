/**
 * Who forms the chain, and how one chain follows another. The configuration is a value in the replicated service
 * (keeper.ts); each change of the chain is a new epoch, and an epoch begins inactive: nobody gets a lease for it before
 * every lease of an earlier epoch has surely ended.
 *
 * What makes a change safe is the Update Propagation Invariant (van Renesse & Schneider 2004, section 3): of two
 * members, the later one's log is a beginning of the earlier one's. Taking members out keeps it, and so does adding at
 * the end whoever holds nothing but committed entries. What is committed has reached every member of the epoch in
 * which it was, but not those who joined later and have not been brought up to date; so each chain must contain,
 * before all others, one that is whole.
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
  /** The members that hold all that was committed before this epoch; all of them, when it is active. */
  readonly whole: readonly NodeId[];
  /** Whether leases may be granted. */
  readonly active: boolean;
  /** Who may hold a lease of an earlier epoch, while this one is not active. */
  readonly holders: readonly NodeId[];
  /** Those whom an operator has taken out. They do not come back by themselves. */
  readonly excluded: readonly NodeId[];
}

export const initialConfiguration = (members: readonly NodeId[]): Configuration => ({
  revision: 1,
  epoch: 1,
  chain: members,
  whole: members,
  active: true,
  holders: [],
  excluded: [],
});

/**
 * No chain is shorter than this: it has a node in common with every majority of all nodes, so that whenever a majority
 * is well, so is somebody who holds all that was committed.
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
 * The next epoch: without those that are lost or excluded, with those that join at the end. Null where nothing changes,
 * or where too few would be left or none of them is whole.
 */
export function succession(
  now: Configuration,
  { lost, joining, excluded }: Wishes,
  least: number,
): Configuration | null {
  const kept = now.chain.filter((node) => !lost.includes(node) && !excluded.includes(node));
  const joined = joining.filter((node) => !excluded.includes(node));
  const chain = [...kept, ...joined];
  const whole = now.whole.filter((node) => kept.includes(node));
  const revision = now.revision + 1;
  if (kept.length === now.chain.length && joined.length === 0)
    return sameMembers(excluded, now.excluded) ? null : { ...now, revision, excluded };
  if (chain.length < least || whole.length === 0) return null;
  const holders = now.active ? now.chain : now.holders;
  return { revision, epoch: now.epoch + 1, chain, whole, active: false, holders, excluded };
}

export interface Wishes {
  /** Members that nobody hears from. */
  readonly lost: readonly NodeId[];
  /** Others that hold nothing but what is committed, and have caught up. */
  readonly joining: readonly NodeId[];
  /** All who are to stay out from now on. */
  readonly excluded: readonly NodeId[];
}

/** The same chain, that may serve from now on. */
export const activated = (now: Configuration): Configuration => ({
  ...now,
  revision: now.revision + 1,
  whole: now.chain,
  active: true,
  holders: [],
});

const sameMembers = (one: readonly NodeId[], other: readonly NodeId[]): boolean =>
  one.length === other.length && one.every((node) => other.includes(node));
