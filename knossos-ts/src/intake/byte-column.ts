import { bytesOf, growth } from './cells.ts';

/** A list of small whole numbers, up to 255, that grows. */
export class ByteColumn {
  /** Valid until the next `push`; longer than what was pushed. */
  cells: Uint8Array;
  length = 0;

  constructor(expected = 1_024) {
    this.cells = bytesOf(Math.max(Math.ceil(expected), 16));
  }

  push(value: number): void {
    if (this.length === this.cells.length) {
      const grown = bytesOf(this.length * growth);
      grown.set(this.cells);
      this.cells = grown;
    }
    this.cells[this.length++] = value;
  }

  /** What was pushed. */
  get all(): Uint8Array {
    return this.cells.subarray(0, this.length);
  }
}
