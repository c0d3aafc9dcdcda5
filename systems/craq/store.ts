/**
 * What a node holds: the log of entries, the versions and sessions that they come to, and the newest configuration that it
 * has heard of. All of it survives a crash: it is persisted in the step that changes it, and the host releases
 * nothing of that step before it is durable. So whoever learns that this node holds an entry learns it when the entry
 * is on its disk. How far the tail has come is persisted with the next entries only: a restart may know less of that than
 * was known, which makes it ask.
 */
import { invariant } from '../../src/core/errors.ts';
import type { Effects } from '../../src/protocol/protocol.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import type { Configuration } from './configuration.ts';
import type { CraqDialect, CraqRecord, Entry, Item } from './dialect.ts';
import { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import { Versions } from './versions.ts';
import type { Version } from './versions.ts';

type Disk = Pick<Effects<CraqDialect>, 'persist' | 'compact'>;

/** What is known of an operation that a client asks for. */
export type Memory =
  | { readonly kind: 'new' }
  | { readonly kind: 'done'; readonly seq: number; readonly response: ResponseBody }
  /** The session has gone on to a later operation. */
  | { readonly kind: 'passed' }
  | { readonly kind: 'no-session' };

export class Store {
  readonly #settings: Settings;
  readonly #entries = new Map<number, Entry>();
  readonly #versions = new Versions();
  /** As of the committed entries. */
  readonly #sessions: Sessions;
  /** Of each session, its latest entry that is not known to be committed. */
  readonly #pending = new Map<number, Entry>();
  #configuration: Configuration;
  #base = 0;
  #last = 0;
  #committed = 0;
  /** What the disk's log begins with. */
  #compactedAt = 0;

  constructor(settings: Settings, initial: Configuration, records: Iterable<CraqRecord>) {
    this.#settings = settings;
    this.#sessions = new Sessions(settings.maxSessions);
    this.#configuration = initial;
    for (const record of records) this.#recover(record);
    if (settings.mistakes.has('forget-dirty-on-restart')) this.#cut(this.#committed);
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  /** Up to here entries are forgotten: who lacks them needs a copy of the state. */
  get base(): number {
    return this.#base;
  }

  get last(): number {
    return this.#last;
  }

  /** Up to here the tail is known to have come. */
  get committed(): number {
    return this.#committed;
  }

  /** The next configuration. */
  configure(configuration: Configuration, disk: Disk): void {
    this.#configuration = configuration;
    disk.persist({ kind: 'configuration', configuration });
  }

  entryAt(seq: number): Entry | null {
    return this.#entries.get(seq) ?? null;
  }

  /** At most `most` entries from the place on, up to another one. */
  slice(from: number, until: number, most: number): readonly Entry[] {
    const entries: Entry[] = [];
    for (let seq = from; seq <= until && entries.length < most; seq++) {
      const entry = this.#entries.get(seq);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  append(entries: readonly Entry[], disk: Disk): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.#add(entry);
    disk.persist({ kind: 'entries', entries, committed: this.#committed });
  }

  /** The tail has come so far. Beyond what this node holds it says nothing. Returns what is newly committed. */
  commitTo(seq: number, disk: Disk): readonly Entry[] {
    const from = this.#committed + 1;
    this.#commit(Math.min(seq, this.#last));
    this.#compactIfDue(disk);
    return this.slice(from, this.#committed, Infinity);
  }

  /** Forgets what is behind the place, none of which is committed. */
  cut(after: number, disk: Disk): void {
    invariant(after >= this.#committed, () => `what is committed up to ${this.#committed} would be cut at ${after}`);
    if (this.#last <= after) return;
    this.#cut(after);
    disk.persist({ kind: 'cut', after });
  }

  /** Becomes the committed state of another node. */
  install(seq: number, items: readonly Item[], disk: Disk): void {
    invariant(seq >= this.#last, () => `a copy as of ${seq} would replace a log that ends with ${this.#last}`);
    this.#restore(seq, items);
    this.#compact(disk);
  }

  newest(key: string): Version | null {
    return this.#versions.newest(key);
  }

  asOf(key: string, seq: number): Version | null {
    return this.#versions.asOf(key, seq);
  }

  isDirty(key: string): boolean {
    return (this.#versions.newest(key)?.seq ?? 0) > this.#committed;
  }

  /** The newest version of each key that the tail is known to hold, and the sessions. */
  items(): readonly Item[] {
    return [...this.#versions.items(this.#committed), ...this.#sessions.items()];
  }

  /** What the session's operation of this number has come to, also if that may still be lost with this head. */
  recall(session: number, sequence: number): Memory {
    const pending = this.#pending.get(session);
    if (pending !== undefined && pending.change.kind !== 'open-session' && pending.change.sequence >= sequence) {
      if (pending.change.sequence > sequence) return { kind: 'passed' };
      return { kind: 'done', seq: pending.seq, response: pending.change.response };
    }
    const known = this.#sessions.get(session);
    if (known === undefined) return pending === undefined ? { kind: 'no-session' } : { kind: 'new' };
    if (known.sequence < sequence) return { kind: 'new' };
    if (known.sequence > sequence || known.response === null) return { kind: 'passed' };
    return { kind: 'done', seq: 0, response: known.response };
  }

  #add(entry: Entry): void {
    const { seq, change } = entry;
    this.#entries.set(seq, entry);
    this.#last = seq;
    if (change.kind === 'version') this.#versions.add(change.key, { seq, value: change.value });
    this.#await(entry);
  }

  #await(entry: Entry): void {
    if (entry.change.kind !== 'open-session') this.#pending.set(entry.change.session, entry);
  }

  #commit(until: number): void {
    while (this.#committed < until) {
      this.#committed++;
      const entry = this.#entries.get(this.#committed);
      if (entry === undefined) continue;
      this.#sessions.take(entry);
      const { change } = entry;
      if (change.kind === 'open-session') continue;
      if (this.#pending.get(change.session) === entry) this.#pending.delete(change.session);
      if (change.kind === 'version') this.#versions.settle(change.key, entry.seq);
    }
  }

  #cut(after: number): void {
    for (let seq = after + 1; seq <= this.#last; seq++) this.#entries.delete(seq);
    this.#versions.cut(after);
    this.#last = Math.min(this.#last, after);
    this.#pending.clear();
    for (const entry of this.slice(this.#committed + 1, this.#last, Infinity)) this.#await(entry);
  }

  #restore(seq: number, items: readonly Item[]): void {
    this.#entries.clear();
    this.#pending.clear();
    this.#versions.restore(items);
    this.#sessions.restore(items);
    this.#base = seq;
    this.#last = seq;
    this.#committed = seq;
    this.#compactedAt = seq;
  }

  #recover(record: CraqRecord): void {
    switch (record.kind) {
      case 'state':
        return this.#restore(record.seq, record.items);
      case 'configuration':
        this.#configuration = record.configuration;
        return;
      case 'cut':
        return this.#cut(record.after);
      case 'entries':
        for (const entry of record.entries) this.#add(entry);
        return this.#commit(Math.min(record.committed, this.#last));
    }
  }

  /** In memory the entries since the log on disk was last begun anew stay, for who lags a little. */
  #compactIfDue(disk: Disk): void {
    if (this.#committed - this.#compactedAt < this.#settings.compactEvery) return;
    for (let seq = this.#base + 1; seq <= this.#compactedAt; seq++) this.#entries.delete(seq);
    this.#base = this.#compactedAt;
    this.#compact(disk);
  }

  #compact(disk: Disk): void {
    this.#compactedAt = this.#committed;
    const entries = this.slice(this.#committed + 1, this.#last, Infinity);
    const records: CraqRecord[] = [
      { kind: 'configuration', configuration: this.#configuration },
      { kind: 'state', seq: this.#committed, items: this.items() },
    ];
    if (entries.length > 0) records.push({ kind: 'entries', entries, committed: this.#committed });
    disk.compact(records);
  }
}
