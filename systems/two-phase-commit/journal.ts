/**
 * What a node must not forget, and the journal that it is read back from: its values, the transactions on which it has
 * voted commit, with their locks, and what has been decided. A step changes it by one record at a time, which goes to
 * the journal; a restart takes the same records in the same order, so that it comes to the same state by the same code.
 * The host releases nothing that a step says before its records are durable ("log before you send").
 *
 * A transaction here is in one of the states of the course notes: READY (voted commit; at its coordinator WAIT), COMMIT
 * or ABORT, and in the end forgotten. A worker forgets it when its coordinator says that all are done with the older
 * ones; the coordinator forgets its own when every worker has acknowledged.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Effects } from '../../src/protocol/protocol.ts';
import type { Decision, TwoPhaseDialect, TwoPhaseRecord } from './dialect.ts';
import type { Settings } from './settings.ts';
import { compare, nameOf } from './transactions.ts';
import type { Transaction, TransactionId, Write } from './transactions.ts';

type Disk = Pick<Effects<TwoPhaseDialect>, 'persist' | 'compact'>;

export interface Decided {
  readonly id: TransactionId;
  readonly decision: Decision;
}

export class Journal {
  readonly #settings: Settings;
  readonly #values = new Map<string, Write>();
  /** By key, the name of the transaction that holds the lock. */
  readonly #locks = new Map<string, string>();
  readonly #ready = new Map<string, Transaction>();
  /** By coordinator and name. */
  readonly #decided = new Map<NodeId, Map<string, Decided>>();
  /** Of each coordinator, the oldest transaction that it has not forgotten, as far as is known here. */
  readonly #oldest = new Map<NodeId, TransactionId>();
  /** How many records the journal holds. */
  #records = 0;

  constructor(settings: Settings, records: Iterable<TwoPhaseRecord>) {
    this.#settings = settings;
    for (const record of records) {
      this.#records++;
      this.#take(record);
    }
  }

  valueOf(key: string): Write | null {
    return this.#values.get(key) ?? null;
  }

  get keyCount(): number {
    return this.#values.size;
  }

  isLocked(key: string): boolean {
    return this.#locks.has(key);
  }

  /** READY: voted commit, and not decided. */
  ready(): readonly Transaction[] {
    return [...this.#ready.values()];
  }

  get readyCount(): number {
    return this.#ready.size;
  }

  isReady(id: TransactionId): boolean {
    return this.#ready.has(nameOf(id));
  }

  /** What was decided about it, while that is remembered. */
  decisionOn(id: TransactionId): Decision | null {
    return this.#decided.get(id.coordinator)?.get(nameOf(id))?.decision ?? null;
  }

  /** The decided transactions of this coordinator that it has not forgotten, as they were decided. */
  decidedOf(coordinator: NodeId): readonly Decided[] {
    return [...(this.#decided.get(coordinator)?.values() ?? [])];
  }

  decidedCount(coordinator: NodeId): number {
    return this.#decided.get(coordinator)?.size ?? 0;
  }

  /** Whether its coordinator has said that every worker is done with it. */
  isOver(id: TransactionId): boolean {
    const oldest = this.#oldest.get(id.coordinator);
    return oldest !== undefined && compare(id, oldest) < 0;
  }

  /** All older transactions of this coordinator are over; nobody has to remember them. They may all come late, though. */
  forgetOlder(oldest: TransactionId): void {
    if (this.isOver(oldest)) return;
    this.#oldest.set(oldest.coordinator, oldest);
    const decided = this.#decided.get(oldest.coordinator);
    for (const [name, { id }] of decided ?? []) if (this.isOver(id)) decided?.delete(name);
  }

  /** LOG: PREPARE. The keys must not be locked. */
  prepare(transaction: Transaction, disk: Disk): void {
    this.#write({ kind: 'prepare', ...transaction }, disk);
  }

  /** The same by a worker, who is about to vote commit. With the bug it is logged when the decision is heard. */
  voteCommit(transaction: Transaction, disk: Disk): void {
    if (this.#settings.mistakes.has('vote-not-logged')) this.#take({ kind: 'prepare', ...transaction });
    else this.prepare(transaction, disk);
  }

  /** LOG: GLOBAL-COMMIT or GLOBAL-ABORT, as a worker has heard it; or its own vote to abort. */
  decide(id: TransactionId, decision: Decision, disk: Disk): void {
    const transaction = this.#ready.get(nameOf(id));
    if (transaction !== undefined && this.#settings.mistakes.has('vote-not-logged')) this.prepare(transaction, disk);
    this.#write({ kind: decision, id }, disk);
  }

  /** The same by the coordinator, who decides it. With the bug it is logged when all have acknowledged. */
  decideOwn(id: TransactionId, decision: Decision, disk: Disk): void {
    if (this.#settings.mistakes.has('decision-not-logged')) this.#take({ kind: decision, id });
    else this.#write({ kind: decision, id }, disk);
  }

  /** LOG: every worker has acknowledged. */
  end(id: TransactionId, disk: Disk): void {
    const decision = this.decisionOn(id);
    if (decision !== null && this.#settings.mistakes.has('decision-not-logged')) this.decide(id, decision, disk);
    this.#write({ kind: 'end', id }, disk);
  }

  #take(record: TwoPhaseRecord): void {
    switch (record.kind) {
      case 'prepare': {
        const { id, keys, writes } = record;
        this.#ready.set(nameOf(id), { id, keys, writes });
        if (!this.#settings.mistakes.has('release-lock-on-prepare'))
          for (const key of keys) this.#locks.set(key, nameOf(id));
        return;
      }
      case 'commit':
      case 'abort':
        return this.#conclude(record.id, record.kind);
      case 'end':
        return void this.#decided.get(record.id.coordinator)?.delete(nameOf(record.id));
      case 'value': {
        const { key, value, version } = record;
        return void this.#values.set(key, { key, value, version });
      }
      case 'oldest':
        return void this.#oldest.set(record.coordinator, record.id);
    }
  }

  /** Sets the values on a commit, then releases the locks. */
  #conclude(id: TransactionId, decision: Decision): void {
    const name = nameOf(id);
    const transaction = this.#ready.get(name);
    this.#ready.delete(name);
    if (decision === 'commit') for (const write of transaction?.writes ?? []) this.#values.set(write.key, write);
    for (const key of transaction?.keys ?? []) if (this.#locks.get(key) === name) this.#locks.delete(key);
    const decided = this.#decided.get(id.coordinator) ?? new Map<string, Decided>();
    this.#decided.set(id.coordinator, decided.set(name, { id, decision }));
  }

  #write(record: TwoPhaseRecord, disk: Disk): void {
    this.#take(record);
    disk.persist(record);
    this.#records++;
    // When the journal has grown by `compactEvery` records beyond what counts, it begins anew with that.
    const remembered = [...this.#decided.values()].reduce((sum, decided) => sum + decided.size, 0);
    const counts = this.#values.size + this.#oldest.size + this.#ready.size + remembered;
    if (this.#records < counts + this.#settings.compactEvery) return;
    const records = this.#whole();
    disk.compact(records);
    this.#records = records.length;
  }

  #whole(): TwoPhaseRecord[] {
    const decided = [...this.#decided.values()].flatMap((one) => [...one.values()]);
    return [
      ...[...this.#values.values()].map((write): TwoPhaseRecord => ({ kind: 'value', ...write })),
      ...[...this.#oldest].map(([coordinator, id]): TwoPhaseRecord => ({ kind: 'oldest', coordinator, id })),
      ...decided.map(({ id, decision }): TwoPhaseRecord => ({ kind: decision, id })),
      ...this.ready().map((transaction): TwoPhaseRecord => ({ kind: 'prepare', ...transaction })),
    ];
  }
}
