/**
 * The calls and returns of one register one after the other. Operations come by invocation, so that only returns have to
 * be put in order, and of these no more than are in progress at a time.
 */
import { cellsOf } from '../../intake/cells.ts';
import { never, type RegisterLog } from '../chain-zone/register-log.ts';

/** So much may be in progress at a time: whoever looks at all of it once for each of it still takes a millisecond or so. */
const mostAtOnce = 500;
/** Between two pieces of work that nobody can stop: about a millisecond. */
const perPiece = 2 ** 16;

export class Turns {
  /** Twice the number of the operation, and one more where it returns. Valid for the first `length`. */
  turns: Int32Array = new Int32Array(0);
  length = 0;
  /** The operations in progress, the one that returns first in front. */
  #open: Int32Array = new Int32Array(0);

  /** False when too much is in progress at a time. Yields after each piece of work. */
  *lay({ size, called, returned }: RegisterLog): Generator<void, boolean> {
    if (this.#open.length < size) {
      this.turns = cellsOf(size * 2);
      this.#open = cellsOf(size);
    }
    const { turns } = this;
    const open = this.#open;
    let [length, head, tail] = [0, 0, 0];
    let moves = 0;
    for (let operation = 0; operation < size; operation++) {
      const call = called[operation] as number;
      // At the same position a call comes before a return: equal is concurrent.
      while (head < tail && (returned[open[head] as number] as number) < call) {
        turns[length++] = (open[head++] as number) * 2 + 1;
      }
      turns[length++] = operation * 2;
      const end = returned[operation] as number;
      if (end === never) continue;
      let at = tail++;
      for (; at > head && (returned[open[at - 1] as number] as number) > end; at--) open[at] = open[at - 1] as number;
      open[at] = operation;
      if (tail - head > mostAtOnce) return false;
      moves += tail - at;
      if (moves < perPiece) continue;
      moves = 0;
      yield;
    }
    while (head < tail) turns[length++] = (open[head++] as number) * 2 + 1;
    this.length = length;
    return true;
  }
}
