import { cellsOf, growth, larger } from './cells.ts';

/** A list of 32-bit integers that grows. */
export class IntColumn {
  /** Valid until the next `push`; longer than what was pushed. */
  cells: Int32Array;
  length = 0;

  constructor(expected = 1_024) {
    this.cells = cellsOf(Math.max(Math.ceil(expected), 16));
  }

  push(value: number): void {
    if (this.length === this.cells.length) this.#grow();
    this.cells[this.length++] = value;
  }

  /** The next is 0, as all cells are in the beginning: so many of these take no memory. */
  pushZero(): void {
    if (this.length === this.cells.length) this.#grow();
    this.length++;
  }

  #grow(): void {
    this.cells = larger(this.cells, this.length * growth);
  }

  /** What was pushed. */
  get all(): Int32Array {
    return this.cells.subarray(0, this.length);
  }
}
