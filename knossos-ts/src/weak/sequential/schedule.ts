/**
 * Looks for an order of a whole history. Choices are made greedily, and where that gets stuck, the circle of operations
 * that hold each other up says which choices cannot all be kept: one of them is turned round, by an assumption, and the
 * order is taken back to there. When all are in vain, the search goes back to the latest assumption that has to do with
 * it (conflict-directed backjumping: Prosser 1993). Complete: it ends with an order, or there is none.
 */
import type { HistoryIndex } from '../index/history-index.ts';
import type { Successors } from '../index/graph.ts';
import { Conflicts } from './conflict.ts';
import { Progress, type Precedence } from './progress.ts';

export type Scheduled =
  | { readonly kind: 'order'; readonly order: Int32Array }
  /** Every choice was tried. */
  | { readonly kind: 'none' }
  | { readonly kind: 'stopped'; readonly taken: number };

/** A conflict of which one way out is assumed; its number is that of the assumption. */
interface Level {
  /** Those that are still to be tried, the likeliest last. */
  readonly ways: Precedence[];
  /** The levels below that this conflict, or the failure of a way out, rests on. */
  readonly blamed: Set<number>;
}

/**
 * `successors`: the causal order of an index of registers, with whatever else is known to hold. `isHopeless`: asked after
 * so many conflicts, with how many operations the longest order has had; it stops the search where it says so.
 */
export function schedule(
  index: HistoryIndex,
  successors: Successors,
  isLate: () => boolean,
  isHopeless: (conflicts: number, furthest: number) => boolean = () => false,
): Scheduled {
  const progress = new Progress(index, successors);
  let conflicts: Conflicts | undefined;
  let furthest = 0;
  const levels: Level[] = [];
  for (let met = 1; ; met++) {
    const state = progress.advance(isLate);
    if (state === 'done') return { kind: 'order', order: progress.trail };
    furthest = Math.max(furthest, progress.count);
    if (state === 'late' || isLate() || isHopeless(met, furthest)) return { kind: 'stopped', taken: progress.count };
    conflicts ??= new Conflicts(index, successors);
    const { ways, assumptions } = conflicts.in(progress);
    levels.push({ ways: ways.toReversed(), blamed: new Set(assumptions) });
    if (!tryNext(progress, levels)) return { kind: 'none' };
  }
}

/** The next way out of the latest conflict that has one left and is to blame. False when there is none. */
function tryNext(progress: Progress, levels: Level[]): boolean {
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    progress.retract(levels.length - 1);
    const way = level.ways.pop();
    if (way !== undefined) {
      progress.assume(way);
      return true;
    }
    levels.pop();
    const latest = Math.max(-1, ...level.blamed);
    levels.length = latest + 1;
    for (const blamed of level.blamed) if (blamed !== latest) levels.at(-1)?.blamed.add(blamed);
  }
  return false;
}
