/**
 * Where a search stands just before a return event: the state, and which pending operations are in the order already.
 * A configuration that has seen more reads and used fewer indeterminate operations can do whatever another one with
 * the same state and the same pending mutators can (rule R4), so that only the best are kept.
 */
import type { SlotSets } from './slot-set.ts';

/**
 * Counts work: looks at slots, classes and remembered configurations, some tens of nanoseconds each. A step of a
 * search has no bound of its own, so that whoever runs one in slices counts this and not steps.
 */
export interface Meter {
  work: number;
}

export interface Configuration<Set> {
  readonly state: number;
  /** Pending operations in the order that may change the state. */
  readonly done: Set;
  /** Pending read-only operations in the order. Grows while the configuration is made, never later. */
  seen: Set;
  /** Class and count, class and count, ... of the info operations in the order, by class. */
  readonly used: readonly number[];
  /** The state before the last info operation, while nothing has needed that; -1 otherwise. */
  readonly idleSince: number;
  /** How it was reached: from where, at which return event, and by which step (see `via`). */
  readonly parent: Configuration<Set> | null;
  readonly event: number;
  /** An operation (its index), an info class (-1 - class), or `noStep`. */
  readonly via: number;
}

export const noStep: number = Number.MAX_SAFE_INTEGER;

/** The configurations that no other one makes redundant. */
export class Antichain<Set> {
  readonly #sets: SlotSets<Set>;
  readonly #meter: Meter;
  #few: Configuration<Set>[] = [];
  #byHash: Map<number, Configuration<Set>[]> | undefined;
  /** How many were ever added. */
  size = 0;

  constructor(sets: SlotSets<Set>, meter: Meter) {
    this.#sets = sets;
    this.#meter = meter;
  }

  /** False when what is here already can do all that `candidate` can. */
  add(candidate: Configuration<Set>): boolean {
    const rivals = this.#byHash === undefined ? this.#few : this.#rivals(candidate);
    this.#meter.work += rivals.length;
    let kept = 0;
    for (const rival of rivals) if (this.#dominates(rival, candidate)) return false;
    for (const rival of rivals) if (!this.#dominates(candidate, rival)) rivals[kept++] = rival;
    rivals.length = kept;
    rivals.push(candidate);
    this.size++;
    if (this.#byHash === undefined && kept >= 8) this.#index();
    return true;
  }

  /** Those of the same hash: all that are comparable, and perhaps a few that are not. */
  #rivals(candidate: Configuration<Set>): Configuration<Set>[] {
    const hash = this.#sets.hash(candidate.state, candidate.done);
    const found = this.#byHash?.get(hash);
    if (found !== undefined) return found;
    const rivals: Configuration<Set>[] = [];
    this.#byHash?.set(hash, rivals);
    return rivals;
  }

  #index(): void {
    const all = this.#few;
    this.#few = [];
    this.#byHash = new Map();
    for (const configuration of all) this.#rivals(configuration).push(configuration);
  }

  #dominates(one: Configuration<Set>, other: Configuration<Set>): boolean {
    return (
      one.state === other.state &&
      this.#sets.same(one.done, other.done) &&
      this.#sets.covers(one.seen, other.seen) &&
      usesAtMost(one.used, other.used)
    );
  }
}

function usesAtMost(one: readonly number[], other: readonly number[]): boolean {
  let at = 0;
  for (let index = 0; index < one.length; index += 2) {
    const kind = one[index] as number;
    while (at < other.length && (other[at] as number) < kind) at += 2;
    if (at >= other.length || other[at] !== kind || (other[at + 1] as number) < (one[index + 1] as number))
      return false;
  }
  return true;
}

/** How often the class was used. */
export function timesUsed(used: readonly number[], kind: number): number {
  for (let index = 0; index < used.length; index += 2) if (used[index] === kind) return used[index + 1] as number;
  return 0;
}

/** With one more use of the class. */
export function useOnce(used: readonly number[], kind: number): readonly number[] {
  const more: number[] = [];
  let placed = false;
  for (let index = 0; index < used.length; index += 2) {
    const other = used[index] as number;
    if (!placed && other >= kind) {
      more.push(kind, other === kind ? (used[index + 1] as number) + 1 : 1);
      placed = true;
    }
    if (other !== kind) more.push(other, used[index + 1] as number);
  }
  if (!placed) more.push(kind, 1);
  return more;
}
