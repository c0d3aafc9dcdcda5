import { floatsOf, growth } from './cells.ts';

/** A list of numbers that grows. */
export class FloatColumn {
  /** Valid until the next `push`; longer than what was pushed. */
  cells: Float64Array = floatsOf(1_024);
  length = 0;

  push(value: number): void {
    if (this.length === this.cells.length) {
      const grown = floatsOf(this.length * growth);
      grown.set(this.cells);
      this.cells = grown;
    }
    this.cells[this.length++] = value;
  }
}
