/** Reads a history in pieces: joins its events to operations, and sorts those by key. */
import type { HistoryEvent, Operation } from '../history/operation.ts';
import { Pairing } from '../history/pair-operations.ts';
import { KeyHistories, type KeyHistory } from './key-history.ts';

/** About a millisecond. */
const perPiece = 2_000;

export class Reading {
  readonly #history: Iterable<HistoryEvent>;
  readonly #pairing = new Pairing();
  #operations: Operation[] | undefined;
  readonly #keys = new KeyHistories();

  constructor(history: Iterable<HistoryEvent>) {
    this.#history = history;
  }

  /** Yields between pieces; a short history has only one. @throws HistoryError as `pairOperations` does. */
  *pieces(): Generator<void> {
    let events = 0;
    for (const event of this.#history) {
      this.#pairing.add(event);
      if (++events % perPiece === 0) yield;
    }
    yield* this.#sort();
  }

  /** The keys of what was read, also when that was not all. */
  get keys(): readonly KeyHistory[] {
    if (this.#operations === undefined) for (const _ of this.#sort());
    return this.#keys.all;
  }

  get events(): number {
    return this.#pairing.events;
  }

  *#sort(): Generator<void> {
    this.#operations = this.#pairing.finish();
    let sorted = 0;
    for (const operation of this.#operations) {
      this.#keys.add(operation);
      if (++sorted % perPiece === 0) yield;
    }
  }
}
