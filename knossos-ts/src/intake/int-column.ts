/** A list of 32-bit integers that grows by doubling. */
export class IntColumn {
  /** Valid until the next `push`; longer than what was pushed. */
  cells: Int32Array;
  length = 0;

  constructor(expected = 1_024) {
    this.cells = new Int32Array(Math.max(expected, 16));
  }

  push(value: number): void {
    if (this.length === this.cells.length) this.#grow();
    this.cells[this.length++] = value;
  }

  /** What was pushed. */
  get all(): Int32Array {
    return this.cells.subarray(0, this.length);
  }

  #grow(): void {
    const larger = new Int32Array(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
  }
}
