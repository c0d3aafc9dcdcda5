/**
 * Is a history of one register linearizable? In O(n log n), where each value is written once. After Gibbons & Korach,
 * "Testing shared memories" (1997), for reads and writes; Fan & Golab, "Linearizability of registers with
 * read-modify-write" (2018), is the closest published work for cas. Unique values tie every operation to the one that
 * made its value, so that a blind write, its reads, the cas from it, the reads of what that made and so on form a block
 * that nothing can come between. What is left is to order blocks as wholes: one must precede another as soon as one of
 * its operations was over before one of the other's began, and any contradiction shows between two of them.
 *
 * Where values are not unique, taking out those that are not, with whatever was made from them, leaves a legal history
 * legal. So the rest may still refute the history, but not prove it. The same holds for operations that only saw that
 * some value was absent; those may be placed afterwards (see place-absences.ts).
 */
import { bytesOf, cellsOf } from '../../intake/cells.ts';
import { findAmbiguous, type Ambiguity } from './ambiguity.ts';
import type { Break } from './break.ts';
import { absent, before, never, type RegisterLog } from './register-log.ts';
import { Zones } from './zones.ts';

/** What each piece of work looks at: about a millisecond. */
const perPiece = 2 ** 16;

/** `isComplete`: every operation was taken into account, so that no break means a legal history. */
export interface Finding {
  readonly broken: Break | undefined;
  readonly isComplete: boolean;
}

export class ChainZone {
  readonly log: RegisterLog;
  /** By value: the operation that makes it. */
  producer: Int32Array = new Int32Array(0);
  /** By value: the effective cas from it. */
  nextCas: Int32Array = new Int32Array(0);
  /** By value: the latest call and the earliest return of its reads. */
  readsCalled: Int32Array = new Int32Array(0);
  readsReturned: Int32Array = new Int32Array(0);
  /** By operation: it took effect, because it returned or because somebody met what it left. */
  effective: Uint8Array = new Uint8Array(0);
  readonly zones: Zones = new Zones();
  /** By operation and by value: left out, because values are not unique. */
  ambiguity: Ambiguity | undefined;
  #covered = 0;
  #effectiveCount = 0;
  #broken: Break | undefined;

  constructor(log: RegisterLog) {
    this.log = log;
  }

  /** Judges what the log holds. Yields after each piece of work. */
  *judge(): Generator<void, Finding> {
    const { log } = this;
    this.#reset();
    if (log.contradiction !== absent) return { broken: { kind: 'contradiction' }, isComplete: true };
    const isUnique = this.#assign();
    yield;
    this.ambiguity = isUnique ? undefined : findAmbiguous(log);
    if (!isUnique) {
      // A duplicate that nobody met has got a number of its own.
      this.#resetValues();
      this.#assignUnambiguous();
    }
    const isComplete = this.ambiguity === undefined && log.absences.length === 0;
    yield* this.#inPieces(log.size, (from, to) => this.#close(from, to));
    yield* this.#inPieces(log.size, (from, to) => this.#link(from, to));
    yield* this.#inPieces(log.values, (from, to) => this.#walk(from, to));
    if (this.#broken !== undefined) return { broken: this.#broken, isComplete };
    if (this.#covered !== this.#effectiveCount) return { broken: { kind: 'cas-cycle' }, isComplete };
    return { broken: yield* this.zones.findConflict(), isComplete };
  }

  /** Until something is broken. */
  *#inPieces(size: number, step: (from: number, to: number) => void): Generator<void> {
    for (let from = 0; from < size && this.#broken === undefined; from += perPiece) {
      step(from, Math.min(from + perPiece, size));
      yield;
    }
  }

  #reset(): void {
    const { size } = this.log;
    if (this.effective.length < size) this.effective = bytesOf(size);
    this.effective.fill(0, 0, size);
    this.zones.clear();
    this.#covered = 0;
    this.#effectiveCount = 0;
    this.#broken = undefined;
    this.#resetValues();
  }

  #resetValues(): void {
    const { values } = this.log;
    if (this.producer.length < values) {
      this.producer = cellsOf(values);
      this.nextCas = cellsOf(values);
      this.readsCalled = cellsOf(values);
      this.readsReturned = cellsOf(values);
    }
    this.producer.fill(absent, 0, values);
    this.nextCas.fill(absent, 0, values);
    this.readsCalled.fill(before, 0, values);
    this.readsReturned.fill(never, 0, values);
  }

  /** Notes who makes each value. False when a value is made twice. */
  #assign(): boolean {
    const { size, produced, initial } = this.log;
    const { producer } = this;
    for (let operation = 0; operation < size; operation++) {
      const value = produced[operation] as number;
      if (value < 0) continue;
      if (producer[value] !== absent || value === initial) return false;
      producer[value] = operation;
    }
    return true;
  }

  #assignUnambiguous(): void {
    const { size, produced } = this.log;
    for (let operation = 0; operation < size; operation++) {
      if (this.ambiguity?.operations[operation] === 1) continue;
      const value = produced[operation] as number;
      if (value >= 0) this.producer[value] = operation;
    }
  }

  /** What returned is effective, and so is whoever made the value that an effective operation met. */
  #close(from: number, to: number): void {
    const { returned, observed, initial } = this.log;
    const { producer, effective, ambiguity } = this;
    for (let operation = from; operation < to; operation++) {
      if (returned[operation] === never || (ambiguity !== undefined && ambiguity.operations[operation] === 1)) continue;
      effective[operation] = 1;
      let value = observed[operation] as number;
      let reader = operation;
      while (value >= 0 && value !== initial) {
        const maker = producer[value] as number;
        if (maker === absent) {
          this.#broken = { kind: 'thin-air', operation: reader, ok: operation };
          return;
        }
        if (effective[maker] === 1 || returned[maker] !== never) break;
        effective[maker] = 1;
        reader = maker;
        value = observed[maker] as number;
      }
    }
  }

  /** Puts each effective operation that met a value to that value. */
  #link(from: number, to: number): void {
    const { observed, produced, called, returned } = this.log;
    const { nextCas, readsCalled, readsReturned, effective } = this;
    for (let operation = from; operation < to; operation++) {
      if (effective[operation] === 0) continue;
      this.#effectiveCount++;
      const value = observed[operation] as number;
      if (value < 0) continue;
      if ((produced[operation] as number) >= 0) {
        if (nextCas[value] !== absent) {
          this.#broken = { kind: 'lost-update', one: nextCas[value] as number, other: operation };
          return;
        }
        nextCas[value] = operation;
        continue;
      }
      this.#covered++;
      if ((called[operation] as number) > (readsCalled[value] as number))
        readsCalled[value] = called[operation] as number;
      if ((returned[operation] as number) < (readsReturned[value] as number)) {
        readsReturned[value] = returned[operation] as number;
      }
    }
  }

  /** Walks the blocks that begin with these values. Reads are counted as covered where their value is. */
  #walk(from: number, to: number): void {
    const { initial, observed } = this.log;
    const { producer, effective } = this;
    for (let value = from; value < to; value++) {
      if (value === initial) {
        if (this.ambiguity?.values[initial] === 1) continue;
      } else {
        const head = producer[value] as number;
        if (head === absent || effective[head] === 0 || observed[head] !== absent) continue;
      }
      this.#walkBlock(value);
      if (this.#broken !== undefined) return;
    }
  }

  /** Level by level: whatever comes later in the block must not have returned before an earlier one was called. */
  #walkBlock(head: number): void {
    const { called, returned, produced, initial } = this.log;
    const { producer, nextCas, readsCalled, readsReturned } = this;
    let maker = producer[head] as number;
    let latestCall = head === initial ? before : (called[maker] as number);
    let firstReturn = head === initial ? before : (returned[maker] as number);
    if (head !== initial) this.#covered++;
    for (let value = head; ;) {
      if ((readsReturned[value] as number) < latestCall) {
        this.#broken = { kind: 'order', value, isMaker: false };
        return;
      }
      if ((readsCalled[value] as number) > latestCall) latestCall = readsCalled[value] as number;
      if ((readsReturned[value] as number) < firstReturn) firstReturn = readsReturned[value] as number;
      maker = nextCas[value] as number;
      if (maker === absent) break;
      this.#covered++;
      value = produced[maker] as number;
      if ((returned[maker] as number) < latestCall) {
        this.#broken = { kind: 'order', value, isMaker: true };
        return;
      }
      if ((called[maker] as number) > latestCall) latestCall = called[maker] as number;
      if ((returned[maker] as number) < firstReturn) firstReturn = returned[maker] as number;
    }
    this.zones.add(head, firstReturn, latestCall);
  }
}
