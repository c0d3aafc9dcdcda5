/**
 * The columns of all registers with the operations of each key one after the other. Reading key by key from columns in
 * the order of time would miss the cache five times for each operation; writing them out once in the order of keys does
 * not.
 */
import { bytesOf, cellsOf } from '../../intake/cells.ts';
import type { Partition } from '../../intake/key-column.ts';
import type { RegisterColumns } from './register-columns.ts';

/** By place: those of key k are from `starts[k]` to `starts[k + 1]`, by invocation. */
export interface Grouped {
  readonly called: Int32Array;
  /** Only meant for operations that returned. */
  readonly returned: Int32Array;
  readonly observed: Int32Array;
  readonly produced: Int32Array;
  readonly kind: Uint8Array;
  /** The number of the operation. */
  readonly source: Int32Array | undefined;
}

export function grouped(
  columns: RegisterColumns,
  positions: Pick<Grouped, 'called' | 'returned'>,
  { members, places }: Partition,
): Grouped {
  const { observed, produced, kind } = columns;
  const { called, returned } = positions;
  const all = { called, returned, observed: observed.all, produced: produced.all, kind: kind.all };
  if (members === undefined) return { ...all, source: undefined };
  const move = <Cells extends Int32Array | Uint8Array>(cells: Cells, to: Cells): Cells => {
    for (let operation = 0; operation < cells.length; operation++) {
      to[places[operation] as number] = cells[operation] as number;
    }
    return to;
  };
  const moved = (cells: Int32Array): Int32Array => move(cells, cellsOf(cells.length));
  return {
    called: moved(all.called),
    returned: moved(all.returned),
    observed: moved(all.observed),
    produced: moved(all.produced),
    kind: move(all.kind, bytesOf(all.kind.length)),
    source: members,
  };
}
