/**
 * Asks all nodes again and again what they believe that they are: for readiness, to count changes of leader, and for what
 * they count themselves.
 */
import type { NodeId } from '../core/ids.ts';
import { isLeading } from '../core/inspection.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Faults } from '../environments/faults.ts';
import { Counting } from './counting.ts';
import type { Counters } from './counting.ts';

export interface Leader {
  readonly node: NodeId;
  readonly term: number | null;
}

export class LeaderWatch {
  readonly #nodes: readonly NodeId[];
  readonly #faults: Faults;
  readonly #seen: (leader: Leader) => void;
  readonly #asked = new Set<NodeId>();
  readonly #answers = new Map<NodeId, Inspection>();
  readonly #counting = new Counting();
  #leader: Leader | null = null;
  #round = 0;

  /** `seen` is called for each leader of a term that is higher than all before. */
  constructor(nodes: readonly NodeId[], faults: Faults, seen: (leader: Leader) => void) {
    this.#nodes = nodes;
    this.#faults = faults;
    this.#seen = seen;
  }

  /** Asks every node that does not owe an answer. */
  poll(): void {
    for (const node of this.#nodes) {
      if (this.#asked.has(node)) continue;
      this.#asked.add(node);
      const round = this.#round;
      this.#faults.inspect(node, (answer) => {
        this.#asked.delete(node);
        if (round !== this.#round) return;
        if (answer.ok) this.#hear(node, answer.value);
        else this.#answers.delete(node);
      });
    }
  }

  /** What the nodes have counted until they were last asked; null where they count nothing. */
  get counters(): Counters | null {
    return this.#counting.sums;
  }

  /** What was said before counts no longer. */
  forget(): void {
    this.#round++;
    this.#answers.clear();
  }

  /**
   * Every node has answered; and where they count terms, all are in the same one, and one of them leads it. False with
   * the reason, for people.
   */
  ready(): { readonly ready: true } | { readonly ready: false; readonly why: string } {
    const silent = this.#nodes.filter((node) => !this.#answers.has(node));
    if (silent.length > 0) return { ready: false, why: `${silent.join(', ')} did not answer` };
    const terms = [...this.#answers.values()].map(({ term }) => term).filter((term) => term !== undefined);
    if (terms.length === 0) return { ready: true };
    const highest = Math.max(...terms);
    if (![...this.#answers.values()].some((one) => isLeading(one) && one.term === highest))
      return { ready: false, why: `no node leads term ${highest}` };
    if (terms.some((term) => term !== highest))
      return { ready: false, why: `not all nodes have reached term ${highest}` };
    return { ready: true };
  }

  #hear(node: NodeId, inspection: Inspection): void {
    this.#answers.set(node, inspection);
    this.#counting.hear(node, inspection);
    if (!isLeading(inspection)) return;
    const term = inspection.term ?? null;
    const known = this.#leader;
    const isNew = known === null || (term === null ? known.node !== node : term > (known.term ?? -1));
    if (!isNew) return;
    this.#leader = { node, term };
    this.#seen(this.#leader);
  }
}
