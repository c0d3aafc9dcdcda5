/**
 * The versions of all keys (Terrace & Freedman 2009, section 2.3). A key keeps its newest committed version and every
 * newer one: it is clean when that is the only one, and dirty otherwise.
 */
import type { Json } from '../../src/core/json.ts';
import type { Item } from './dialect.ts';

export interface Version {
  /** Its place in the order of all. */
  readonly seq: number;
  readonly value: Json;
}

export class Versions {
  /** Of each key, the oldest first. */
  readonly #versions = new Map<string, Version[]>();

  add(key: string, version: Version): void {
    const known = this.#versions.get(key);
    if (known === undefined) this.#versions.set(key, [version]);
    else known.push(version);
  }

  newest(key: string): Version | null {
    return this.#versions.get(key)?.at(-1) ?? null;
  }

  /** The newest one that is not behind the place. */
  asOf(key: string, seq: number): Version | null {
    return this.#versions.get(key)?.findLast((version) => version.seq <= seq) ?? null;
  }

  /** This version is committed: the older ones of its key will not be asked for again. */
  settle(key: string, seq: number): void {
    const known = this.#versions.get(key);
    const at = known?.findLastIndex((version) => version.seq <= seq) ?? -1;
    if (at > 0) known?.splice(0, at);
  }

  /** Forgets every version behind the place. */
  cut(after: number): void {
    for (const [key, known] of this.#versions) {
      const kept = known.filter(({ seq }) => seq <= after);
      if (kept.length > 0) this.#versions.set(key, kept);
      else this.#versions.delete(key);
    }
  }

  /** The committed version of each key that has one. */
  items(committed: number): readonly Item[] {
    return [...this.#versions.keys()].flatMap((key): Item[] => {
      const version = this.asOf(key, committed);
      return version === null ? [] : [{ kind: 'version', key, ...version }];
    });
  }

  /** Becomes what the items say, and nothing else. */
  restore(items: readonly Item[]): void {
    this.#versions.clear();
    for (const item of items) if (item.kind === 'version') this.add(item.key, { seq: item.seq, value: item.value });
  }
}
