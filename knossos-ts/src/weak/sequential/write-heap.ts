/** Writes by their rank, least first: a binary heap without allocation per step. */
export class WriteHeap {
  readonly #rank: Float64Array;
  readonly #heap: number[] = [];

  constructor(rank: Float64Array) {
    this.#rank = rank;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  push(write: number): void {
    const heap = this.#heap;
    let at = heap.push(write) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isLess(write, heap[parent] as number)) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = write;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isLess(heap[child + 1] as number, heap[child] as number)) child++;
      if (!this.#isLess(heap[child] as number, last)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return top;
  }

  /** Ties in the order of vertices, so that the same history is always searched in the same way. */
  #isLess(one: number, other: number): boolean {
    const difference = (this.#rank[one] as number) - (this.#rank[other] as number);
    return difference < 0 || (difference === 0 && one < other);
  }
}
