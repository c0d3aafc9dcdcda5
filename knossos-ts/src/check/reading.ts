/** Reads a history in pieces: joins its events to operations, in columns, and sorts those by key. */
import type { RegisterColumns } from '../engines/chain-zone/register-columns.ts';
import type { ListColumns } from '../engines/list-append/list-columns.ts';
import type { HistoryEvent, Operation } from '../history/operation.ts';
import { EventColumns, type Timing } from '../intake/event-columns.ts';
import type { Partition } from '../intake/key-column.ts';
import type { KeyHistory } from './key-history.ts';

/** Well below a millisecond. */
const perPiece = 2_000;

export class Reading {
  readonly columns: EventColumns;
  /** Undefined where it lies in an array. */
  readonly #stream: Iterable<HistoryEvent> | undefined;
  #partition: Partition | undefined;
  #keys: readonly KeyHistory[] | undefined;

  /** `history`: absent where its events are added to the columns. `reader`: what looks at the operations on the way. */
  constructor(history: Iterable<HistoryEvent> | undefined, timing: Timing, reader?: RegisterColumns | ListColumns) {
    const events = Array.isArray(history) ? (history as readonly HistoryEvent[]) : undefined;
    this.#stream = events === undefined ? history : undefined;
    this.columns = new EventColumns(events, timing, reader);
  }

  /** Yields between pieces; a short history has only one. @throws HistoryError as `pairOperations` does. */
  *pieces(): Generator<void> {
    const { columns } = this;
    while (columns.hasMore) {
      columns.advance(perPiece);
      yield;
    }
    for (const event of this.#stream ?? []) {
      columns.add(event);
      if (columns.read % perPiece === 0) yield;
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
      const slice: KeyHistory['slice'] = (from, to) => {
        const operations: Operation[] = [];
        for (let place = start + from; place < Math.min(start + to, end); place++) {
          operations.push(this.columns.operation(members === undefined ? place : (members[place] as number)));
        }
        return operations;
      };
      return { key, size: end - start, slice };
    });
    return this.#keys;
  }

  get events(): number {
    return this.columns.read;
  }
}
