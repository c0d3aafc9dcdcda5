/**
 * Sums up what nodes count. They show it when they are asked what they believe that they are, and begin anew with each life;
 * what a life counted after it was last asked is not seen.
 */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';

export type Counters = { readonly [name: string]: number };

export class Counting {
  readonly #last = new Map<NodeId, Counters>();
  readonly #sums: { [name: string]: number } = {};

  hear(node: NodeId, { counters }: Inspection): void {
    if (counters === undefined) return;
    const last = this.#last.get(node) ?? {};
    this.#last.set(node, counters);
    // A count that has fallen is one of a later life.
    const isSameLife = Object.entries(last).every(([name, count]) => (counters[name] ?? 0) >= count);
    for (const [name, count] of Object.entries(counters))
      this.#sums[name] = (this.#sums[name] ?? 0) + count - (isSameLife ? (last[name] ?? 0) : 0);
  }

  /** Null where no node has counted anything. */
  get sums(): Counters | null {
    return Object.keys(this.#sums).length === 0 ? null : { ...this.#sums };
  }
}
