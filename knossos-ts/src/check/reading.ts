/** Reads a history in pieces: joins its events to operations, in columns, and sorts those by key. */
import type { RegisterColumns } from '../engines/chain-zone/register-columns.ts';
import type { ListColumns } from '../engines/list-append/list-columns.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { EventColumns, type Timing } from '../intake/event-columns.ts';
import type { Partition } from '../intake/key-column.ts';
import type { KeyHistory } from './key-history.ts';

/** Well below a millisecond. */
const perPiece = 2_000;

export class Reading {
  readonly columns: EventColumns;
  readonly #history: Iterable<HistoryEvent>;
  /** Where the history is no array, what came of it so far. */
  readonly #collected: HistoryEvent[] | undefined;
  #partition: Partition | undefined;
  #keys: readonly KeyHistory[] | undefined;

  /** `reader`: what looks at the operations on the way. */
  constructor(history: Iterable<HistoryEvent>, timing: Timing, reader?: RegisterColumns | ListColumns) {
    this.#history = history;
    this.#collected = Array.isArray(history) ? undefined : [];
    this.columns = new EventColumns(this.#collected ?? (history as readonly HistoryEvent[]), timing, reader);
  }

  /** Yields between pieces; a short history has only one. @throws HistoryError as `pairOperations` does. */
  *pieces(): Generator<void> {
    const { columns } = this;
    if (this.#collected === undefined) {
      for (const { length } = columns.events; columns.read < length;) {
        columns.advance(perPiece);
        yield;
      }
    } else {
      for (const event of this.#history) {
        this.#collected.push(event);
        columns.advance(1);
        if (this.#collected.length % perPiece === 0) yield;
      }
    }
    this.#partition = columns.keys.partition();
    yield;
  }

  /** The operations of each key, by place. Also when not everything was read. */
  get partition(): Partition {
    this.#partition ??= this.columns.keys.partition();
    return this.#partition;
  }

  /** In the order of first invocation. */
  get keys(): readonly KeyHistory[] {
    this.#keys ??= this.columns.keys.keys.map((key, number) => {
      const { starts, members } = this.partition;
      const [start, end] = [starts[number] as number, starts[number + 1] as number];
      const slice: KeyHistory['slice'] = (from, to) =>
        Array.from({ length: Math.min(to, end - start) - from }, (_, at) => {
          const place = start + from + at;
          return this.columns.operation(members === undefined ? place : (members[place] as number));
        });
      return { key, size: end - start, slice };
    });
    return this.#keys;
  }

  get events(): number {
    return this.columns.read;
  }
}
