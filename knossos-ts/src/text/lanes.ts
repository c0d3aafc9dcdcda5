/**
 * Operations as lanes in time, in plain text: a row for each process, and from left to right the order of events.
 * Only the order is drawn, since a pause of a minute would need a very wide screen.
 *
 *     process 1  ├ write 41 ┤
 *     process 3                ├ write 42 ┤
 *     process 7                              ├ read → 41 ┤  ✗
 */
import type { Operation } from '../history/operation.ts';
import { operationLabel } from './operation-label.ts';

/** `impossible`: the id of the operation to mark. `width`: columns; what is wider gets numbers, and a list of them. */
export function lanes(operations: readonly Operation[], impossible: number | undefined, width: number = 100): string[] {
  const labelled = draw(
    operations,
    operations.map((one) => operationLabel(one)),
    impossible,
  );
  if (labelled.every((row) => row.length <= width)) return labelled;
  const numbers = operations.map((_, at) => String(at + 1));
  const legend = operations.map((one, at) => `${at + 1}  process ${one.process}: ${operationLabel(one, width)}`);
  return [...draw(operations, numbers, impossible), '', ...legend];
}

function draw(operations: readonly Operation[], labels: readonly string[], impossible: number | undefined): string[] {
  const columns = columnsFor(operations, labels);
  const end = Math.max(...columns.values(), 0);
  const rows = rowsOf(operations);
  const names = rows.map(([first]) => `process ${(operations[first as number] as Operation).process}`);
  const margin = Math.max(...names.map((name) => name.length), 0) + 2;
  return rows.map((row, place) => {
    let line = (names[place] ?? '').padEnd(margin);
    for (const at of row) {
      const { id, called, returned } = operations[at] as Operation;
      const from = columns.get(called) ?? 0;
      const to = columns.get(returned);
      const body = ` ${labels[at]} `;
      const bar = to === undefined ? `├${body.padEnd(end - from, '╌')}╌` : `├${fill(body, to - from - 1)}┤`;
      line = line.padEnd(margin + from) + bar + (id === impossible ? '  ✗' : '');
    }
    return line;
  });
}

/**
 * The places of the operations of each row. A process has one row, and one more where its operations overlap: one that
 * returned at the time at which the next one was called ends where the events of that time do.
 */
function rowsOf(operations: readonly Operation[]): readonly (readonly number[])[] {
  const rows: { readonly process: number; end: number; readonly places: number[] }[] = [];
  for (const [place, { process, called, returned }] of operations.entries()) {
    const row = rows.find((one) => one.process === process && one.end < called);
    if (row === undefined) rows.push({ process, end: returned, places: [place] });
    else {
      row.places.push(place);
      row.end = returned;
    }
  }
  return rows.map(({ places }) => places);
}

const fill = (body: string, length: number): string => body + '─'.repeat(Math.max(length - body.length, 0));

/** Where each event is drawn: every operation has room for its label, and every event a column of its own. */
function columnsFor(operations: readonly Operation[], labels: readonly string[]): Map<number, number> {
  const columns = new Map<number, number>();
  const events = operations.flatMap((operation, at) => [
    { position: operation.called, from: undefined, room: 0 },
    ...(operation.returned === Infinity
      ? []
      : [{ position: operation.returned, from: operation.called, room: (labels[at]?.length ?? 0) + 3 }]),
  ]);
  let column = -2;
  for (const { position, from, room } of events.toSorted((one, other) => one.position - other.position)) {
    column = Math.max(column + 2, from === undefined ? 0 : (columns.get(from) ?? 0) + room);
    columns.set(position, column);
  }
  return columns;
}
