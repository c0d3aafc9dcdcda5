/**
 * Who the members are. A configuration is an entry of the log and counts from the moment it is appended, committed or
 * not (dissertation, 4.1). So the present one is the last in the log; if its entry is replaced by another leader's,
 * the one before counts again; and a snapshot carries the one at its index.
 */
import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Entry } from './dialect.ts';

interface Configuration {
  /** Of its entry, or of a snapshot that holds it; 0 for the one that the cluster began with. */
  readonly index: number;
  readonly members: readonly NodeId[];
}

export class Membership {
  readonly #self: NodeId;
  /** In the order of the log. The first one is known to be committed. */
  #history: Configuration[];
  #members: readonly NodeId[];
  #others: readonly NodeId[];

  constructor(self: NodeId, initial: readonly NodeId[]) {
    this.#self = self;
    this.#history = [{ index: 0, members: initial }];
    this.#members = initial;
    this.#others = initial;
    this.#settle();
  }

  get members(): readonly NodeId[] {
    return this.#members;
  }

  /** The members but this node. */
  get others(): readonly NodeId[] {
    return this.#others;
  }

  get majority(): number {
    return (this.#members.length >> 1) + 1;
  }

  get includesSelf(): boolean {
    return this.#others.length < this.#members.length;
  }

  /** The index of the entry that made these the members. */
  get index(): number {
    return this.#last.index;
  }

  includes(node: NodeId): boolean {
    return this.#members.includes(node);
  }

  /** The members as of an index that is not before the latest snapshot. */
  at(index: number): readonly NodeId[] {
    const configuration = this.#history.findLast((candidate) => candidate.index <= index);
    invariant(configuration !== undefined, () => `the members at ${index} are forgotten`);
    return configuration.members;
  }

  /** To be called with all that is written to the log from the index on. */
  replaceFrom(from: number, entries: readonly Entry[]): void {
    let changes = false;
    while (this.#last.index >= from) {
      invariant(this.#history.length > 1, () => `the committed members of index ${this.#last.index} are replaced`);
      this.#history.pop();
      changes = true;
    }
    for (const [offset, { command }] of entries.entries())
      if (command.kind === 'members') {
        this.#history.push({ index: from + offset, members: command.members });
        changes = true;
      }
    if (changes) this.#settle();
  }

  /** Forgets what was before the index, up to which all is committed. */
  forgetUpTo(index: number): void {
    const at = this.#history.findLastIndex((candidate) => candidate.index <= index);
    if (at > 0) this.#history.splice(0, at);
  }

  /** Begins anew with a snapshot's members; `kept` are the entries behind it that the log still holds. */
  beginAt(index: number, members: readonly NodeId[], kept: readonly Entry[]): void {
    this.#history = [{ index, members }];
    this.#settle();
    this.replaceFrom(index + 1, kept);
  }

  get #last(): Configuration {
    return this.#history.at(-1) as Configuration;
  }

  #settle(): void {
    this.#members = this.#last.members;
    this.#others = this.#members.filter((member) => member !== this.#self);
  }
}
