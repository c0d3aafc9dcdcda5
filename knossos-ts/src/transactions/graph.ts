/**
 * What comes before what, as columns of edges. The vertices are the transactions that happened, and behind them one
 * node of time for each that returned: a transaction comes before the node of its return, a node before the next one,
 * and the last node before an invocation before that. So real time takes O(n) edges where it relates O(n^2) pairs.
 */
import type { TransactionEdgeRule } from './anomalies.ts';
import type { Sources, Version } from './sources.ts';

export const rules: readonly TransactionEdgeRule[] = ['ww', 'wr', 'rw', 'process', 'realtime'];

/** The number of a rule; `passage` leads from a node of time and stands for nothing by itself. */
export const passage: number = rules.length;

export interface DependencyGraph {
  /** Transactions first, by their number. */
  readonly vertices: number;
  readonly transactions: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** The number of its rule, or `passage`. */
  readonly rule: readonly number[];
  /** By edge: what was seen or replaced; null for an order in time. */
  readonly version: readonly (Version | null)[];
}

export function dependenciesOf(sources: Sources): DependencyGraph {
  const building = new Building(sources);
  building.addDependencies();
  building.addProcesses();
  building.addTime();
  return building.graph();
}

class Building {
  readonly #sources: Sources;
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #rule: number[] = [];
  readonly #version: (Version | null)[] = [];
  #vertices: number;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#vertices = sources.transactions.length;
  }

  addDependencies(): void {
    const { seen } = this.#sources;
    for (const [number, sights] of seen.entries()) {
      for (const { version } of sights) {
        const replaces = version.replacedBy.includes(number);
        if (version.maker >= 0) this.#add(version.maker, number, replaces ? 0 : 1, version);
        for (const next of version.replacedBy) if (next !== number) this.#add(number, next, 2, version);
      }
    }
  }

  /** A process has one transaction at a time, and none after one of unknown outcome. */
  addProcesses(): void {
    const last = new Map<number, number>();
    for (const number of this.#happened()) {
      const { process } = this.#sources.transactions[number]!.operation;
      const before = last.get(process);
      if (before !== undefined) this.#add(before, number, 3, null);
      last.set(process, number);
    }
  }

  addTime(): void {
    const { transactions } = this.#sources;
    const called = this.#happened();
    const returned = called
      .filter((number) => Number.isFinite(transactions[number]!.operation.returned))
      .toSorted((one, other) => transactions[one]!.operation.returned - transactions[other]!.operation.returned);
    let next = 0;
    let node = -1;
    for (const number of called) {
      while (next < returned.length) {
        const ended = returned[next]!;
        if (transactions[ended]!.operation.returned >= transactions[number]!.operation.called) break;
        const fresh = this.#vertices++;
        this.#add(ended, fresh, 4, null);
        if (node >= 0) this.#add(node, fresh, passage, null);
        node = fresh;
        next++;
      }
      if (node >= 0) this.#add(node, number, passage, null);
    }
  }

  graph(): DependencyGraph {
    return {
      vertices: this.#vertices,
      transactions: this.#sources.transactions.length,
      from: this.#from,
      to: this.#to,
      rule: this.#rule,
      version: this.#version,
    };
  }

  /** By invocation. */
  #happened(): readonly number[] {
    const { happened, transactions } = this.#sources;
    return [...transactions.keys()].filter((number) => happened[number] === 1);
  }

  #add(from: number, to: number, rule: number, version: Version | null): void {
    this.#from.push(from);
    this.#to.push(to);
    this.#rule.push(rule);
    this.#version.push(version);
  }
}
