/**
 * Sets of pending operations. An operation has a slot while it is pending, and slots are reused, so that a set is as
 * wide as the history is concurrent and never as wide as it is long. Up to 31 slots a set is one number.
 */
export interface SlotSets<Set> {
  readonly empty: Set;
  has(set: Set, slot: number): boolean;
  with(set: Set, slot: number): Set;
  without(set: Set, slot: number): Set;
  /** Is every member of `part` in `whole`? */
  covers(whole: Set, part: Set): boolean;
  /** Different for different pairs. `state` is below 2^22 for numbers. */
  key(state: number, set: Set): number | bigint;
}

export const smallSets: SlotSets<number> = {
  empty: 0,
  has: (set, slot) => (set & (1 << slot)) !== 0,
  with: (set, slot) => set | (1 << slot),
  without: (set, slot) => set & ~(1 << slot),
  covers: (whole, part) => (whole & part) === part,
  key: (state, set) => state * 2 ** 31 + set,
};

export const wideSets = (width: number): SlotSets<bigint> => {
  const bits = Array.from({ length: width }, (_, slot) => 1n << BigInt(slot));
  const bit = (slot: number): bigint => bits[slot] ?? 0n;
  return {
    empty: 0n,
    has: (set, slot) => (set & bit(slot)) !== 0n,
    with: (set, slot) => set | bit(slot),
    without: (set, slot) => set & ~bit(slot),
    covers: (whole, part) => (whole & part) === part,
    key: (state, set) => (BigInt(state) << BigInt(width)) | set,
  };
};

export const smallWidth = 31;
export const smallStates: number = 2 ** 22;
