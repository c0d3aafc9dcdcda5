/**
 * The lists that were read, as a tree of prefixes. In a history whose reads agree it is one path for each key. A list is
 * walked from the root, along the path that the last reader took for as long as it fits.
 */
import { showKey, showValue, valueKey, type ValueKey } from '../../history/value.ts';
import { elementsOf, impossible, type Draft } from './draft.ts';
import { initially, type Versions } from './history-index.ts';
import type { Producers } from './producers.ts';

interface Node {
  readonly parent: number;
  readonly element: number;
  readonly length: number;
  readonly key: number;
  readonly children: Map<ValueKey, number>;
}

export class VersionTree {
  readonly #producers: Producers;
  readonly #nodes: Node[] = [];
  readonly #roots: Map<ValueKey, number>[] = [];

  constructor(producers: Producers) {
    this.#producers = producers;
  }

  /** The number of the version, or `initially`. Appends that it shows are reached: they happened. */
  read(draft: Draft, reach: (producer: number) => void): number {
    const elements = elementsOf(draft.operation);
    let node = initially;
    /** The elements so far, from the first one on that makes a new version. */
    let before: Set<number> | undefined;
    for (const element of elements) {
      const children = node < 0 ? (this.#roots[draft.key] ??= new Map()) : (this.#nodes[node] as Node).children;
      const name = valueKey(element);
      const known = children.get(name);
      if (known !== undefined) {
        node = known;
        continue;
      }
      const producer = this.#producers.of(draft, element);
      before ??= this.#elementsOf(node);
      if (before.has(producer)) {
        const { process, key } = draft.operation;
        const sentence = `Process ${process} read a list from key ${showKey(key)} that shows ${showValue(element)} twice, which was appended once.`;
        throw impossible('duplicate', draft.operation, [], sentence);
      }
      before.add(producer);
      reach(producer);
      const length = node < 0 ? 1 : (this.#nodes[node] as Node).length + 1;
      this.#nodes.push({ parent: node, element: producer, length, key: draft.key, children: new Map() });
      node = this.#nodes.length - 1;
      children.set(name, node);
    }
    return node;
  }

  /** Vertices in place of the numbers of drafts, and of versions behind `operations` of them. */
  finish(vertexOf: Int32Array, operations: number): Versions {
    const nodes = this.#nodes;
    return {
      count: nodes.length,
      parent: Int32Array.from(nodes, ({ parent }) => (parent < 0 ? initially : parent + operations)),
      element: Int32Array.from(nodes, ({ element }) => vertexOf[element] as number),
      length: Int32Array.from(nodes, ({ length }) => length),
      key: Int32Array.from(nodes, ({ key }) => key),
    };
  }

  #elementsOf(version: number): Set<number> {
    const elements = new Set<number>();
    for (let node = version; node >= 0; node = (this.#nodes[node] as Node).parent) {
      elements.add((this.#nodes[node] as Node).element);
    }
    return elements;
  }
}
