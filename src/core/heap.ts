interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly item: T;
}

/** A priority queue by time. Items of the same instant leave in the order in which they came. */
export class Heap<T> {
  readonly #entries: Entry<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** The time of the next item; Infinity when there is none. */
  get nextAt(): number {
    return this.#entries[0]?.at ?? Infinity;
  }

  push(at: number, item: T): void {
    const entries = this.#entries;
    const entry = { at, order: this.#order++, item };
    let hole = entries.length;
    entries.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = entries[parent] as Entry<T>;
      if (!before(entry, above)) break;
      entries[hole] = above;
      hole = parent;
    }
    entries[hole] = entry;
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || first === last) return first?.item;
    const size = entries.length;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && before(entries[child + 1] as Entry<T>, entries[child] as Entry<T>)) child++;
      const below = entries[child] as Entry<T>;
      if (!before(below, last)) break;
      entries[hole] = below;
      hole = child;
    }
    entries[hole] = last;
    return first.item;
  }
}

const before = <T>(one: Entry<T>, other: Entry<T>): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
