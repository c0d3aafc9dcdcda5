/**
 * Sets of pending operations. An operation has a slot while it is pending, and slots are reused, so that a set is as
 * wide as the history is concurrent and never as wide as it is long. Up to 31 slots a set is one number; beyond, it is
 * a list of words with a hash that is kept up to date (Zobrist), since comparing and hashing whole sets would cost
 * more than the search itself.
 */
export interface SlotSets<Set> {
  readonly empty: Set;
  /** What a set holds, beyond the place of a number. */
  readonly bytes: number;
  has(set: Set, slot: number): boolean;
  with(set: Set, slot: number): Set;
  without(set: Set, slot: number): Set;
  same(one: Set, other: Set): boolean;
  /** Is every member of `part` in `whole`? */
  covers(whole: Set, part: Set): boolean;
  /** Equal for equal pairs, and seldom for others. */
  hash(state: number, set: Set): number;
}

export const smallSets: SlotSets<number> = {
  empty: 0,
  bytes: 0,
  has: (set, slot) => (set & (1 << slot)) !== 0,
  with: (set, slot) => set | (1 << slot),
  without: (set, slot) => set & ~(1 << slot),
  same: (one, other) => one === other,
  covers: (whole, part) => (whole & part) === part,
  hash: (state, set) => state * 2 ** 31 + set,
};

export const smallWidth = 31;

export interface WideSet {
  readonly words: readonly number[];
  /** The exclusive or of its members' marks. */
  readonly hash: number;
}

export const wideSets = (width: number): SlotSets<WideSet> => {
  const length = Math.ceil(width / 32);
  const marks = Int32Array.from({ length: width }, (_, slot) => scramble(slot + 1));
  const has = (set: WideSet, slot: number): boolean => ((set.words[slot >>> 5] as number) & (1 << slot)) !== 0;
  const flip = (set: WideSet, slot: number): WideSet => {
    const words = set.words.slice();
    words[slot >>> 5] = (words[slot >>> 5] as number) ^ (1 << slot);
    return { words, hash: set.hash ^ (marks[slot] as number) };
  };
  return {
    empty: { words: Array.from({ length }, () => 0), hash: 0 },
    bytes: 64 + 8 * length,
    has,
    with: (set, slot) => (has(set, slot) ? set : flip(set, slot)),
    without: (set, slot) => (has(set, slot) ? flip(set, slot) : set),
    same: (one, other) => one === other || (one.hash === other.hash && covers(one, other) && covers(other, one)),
    covers,
    hash: (state, set) => state * 2 ** 32 + (set.hash >>> 0),
  };
};

function covers(whole: WideSet, part: WideSet): boolean {
  if (whole === part) return true;
  for (let index = 0; index < part.words.length; index++) {
    const word = part.words[index] as number;
    if (((whole.words[index] as number) & word) !== word) return false;
  }
  return true;
}

/** The finalizer of MurmurHash3: neighbouring numbers get marks that have nothing to do with each other. */
function scramble(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
