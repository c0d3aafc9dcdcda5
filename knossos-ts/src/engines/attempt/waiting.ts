/**
 * The operations that were called and are not in the order yet, as a list in which any of them can be taken out and put
 * back again: the last one taken out first (Knuth, "The Art of Computer Programming" 4B, section 7.2.2.1, dancing links).
 */
import { cellsOf } from '../../intake/cells.ts';

export class Waiting {
  /** By operation; beyond the last one is the place where the list begins and ends. */
  next: Int32Array = new Int32Array(1);
  #previous: Int32Array = new Int32Array(1);
  /** What `next` says at the end of the list, and where one begins to walk through it. */
  end = 0;

  clear(size: number): void {
    if (this.next.length <= size) {
      this.next = cellsOf(size + 1);
      this.#previous = cellsOf(size + 1);
    }
    this.end = size;
    this.next[size] = size;
    this.#previous[size] = size;
  }

  append(operation: number): void {
    const last = this.#previous[this.end] as number;
    this.next[last] = operation;
    this.#previous[operation] = last;
    this.next[operation] = this.end;
    this.#previous[this.end] = operation;
  }

  remove(operation: number): void {
    const [previous, next] = [this.#previous[operation] as number, this.next[operation] as number];
    this.next[previous] = next;
    this.#previous[next] = previous;
  }

  /** Back to where it was. Everything that was removed later must be back by then. */
  restore(operation: number): void {
    this.next[this.#previous[operation] as number] = operation;
    this.#previous[this.next[operation] as number] = operation;
  }
}
