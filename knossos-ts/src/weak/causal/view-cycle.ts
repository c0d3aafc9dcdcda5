/**
 * Whether the edges of a view go round together with its base order. Only their ends are looked at: in each column they
 * are in a row, so that it is enough to know, for each end, the last one of each other column that comes before it.
 */
import type { EdgeColumns } from '../index/graph.ts';
import type { Watch } from '../../check/watch.ts';
import type { BaseOrder } from './view.ts';

export function goesRound(edges: EdgeColumns, base: BaseOrder, watch: Watch): boolean {
  const ends = new Ends(base);
  for (let edge = 0; edge < edges.count; edge++) {
    ends.add(edges.from[edge] as number);
    ends.add(edges.to[edge] as number);
  }
  ends.order(watch);
  for (let edge = 0; edge < edges.count; edge++) ends.link(edges.from[edge] as number, edges.to[edge] as number);
  return ends.goRound();
}

class Ends {
  readonly #base: BaseOrder;
  readonly #number = new Map<number, number>();
  readonly #writes: number[] = [];
  readonly #columns = new Map<number, number[]>();
  readonly #next: number[][] = [];
  readonly #incoming: number[] = [];

  constructor(base: BaseOrder) {
    this.#base = base;
  }

  add(write: number): void {
    if (this.#number.has(write)) return;
    this.#number.set(write, this.#writes.push(write) - 1);
    this.#next.push([]);
    this.#incoming.push(0);
    const column = this.#base.columnOf(write);
    const members = this.#columns.get(column);
    if (members === undefined) this.#columns.set(column, [write]);
    else members.push(write);
  }

  /** Links each end to those of the base order that come right before it. */
  order(watch: Watch): void {
    const { place } = this.#base;
    for (const members of this.#columns.values()) {
      members.sort((one, other) => (place[one] as number) - (place[other] as number));
      for (let at = 1; at < members.length; at++) this.link(members[at - 1] as number, members[at] as number);
    }
    for (const write of this.#writes) {
      watch();
      if (!this.#base.learns(write)) continue;
      const own = this.#base.columnOf(write);
      for (const [column, members] of this.#columns) {
        if (column === own) continue;
        const last = this.#lastBefore(members, write);
        if (last !== undefined) this.link(last, write);
      }
    }
  }

  #lastBefore(members: readonly number[], write: number): number | undefined {
    let low = 0;
    let high = members.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#base.reaches(members[middle] as number, write)) low = middle + 1;
      else high = middle;
    }
    return members[low - 1];
  }

  link(from: number, to: number): void {
    const target = this.#number.get(to) as number;
    this.#next[this.#number.get(from) as number]?.push(target);
    this.#incoming[target] = (this.#incoming[target] as number) + 1;
  }

  /** Kahn's method. */
  goRound(): boolean {
    const free = this.#incoming.flatMap((count, number) => (count === 0 ? [number] : []));
    let left = this.#incoming.length;
    for (let number = free.pop(); number !== undefined; number = free.pop()) {
      left--;
      for (const target of this.#next[number] ?? []) {
        const count = (this.#incoming[target] as number) - 1;
        this.#incoming[target] = count;
        if (count === 0) free.push(target);
      }
    }
    return left > 0;
  }
}
