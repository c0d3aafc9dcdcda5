/** The operations of lists that are appended to and read as a whole, operation by operation, for all keys together. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList } from '../../history/value.ts';
import { ByteColumn } from '../../intake/byte-column.ts';
import { IntColumn } from '../../intake/int-column.ts';
import { noValue, ValueCodes } from '../../intake/value-codes.ts';

export const ListKind = {
  /** It surely appended its element. */
  append: 0,
  read: 1,
  /** An append of unknown outcome. */
  info: 2,
  /** It failed, or nobody saw what it read. */
  dropped: 3,
  /** Not an operation of one list, or not well-formed. */
  foreign: 4,
} as const;

const nothing: readonly Value[] = [];

export class ListColumns {
  readonly codes: ValueCodes = new ValueCodes();
  readonly kind: ByteColumn;
  /** The code of what is appended. */
  readonly element: IntColumn;
  /** What was read. */
  readonly lists: (readonly Value[])[] = [];

  constructor(expected?: number) {
    this.kind = new ByteColumn(expected);
    this.element = new IntColumn(expected);
  }

  invoked(f: string, input: Value): void {
    const isAppend = f === 'append';
    this.kind.push(isAppend ? ListKind.info : f === 'read' ? ListKind.dropped : ListKind.foreign);
    this.element.push(isAppend ? this.codes.codeOf(input) : noValue);
    this.lists.push(nothing);
  }

  completed(operation: number, f: string, type: Operation['type'], output: Value): void {
    const kind = this.kind.cells;
    if (type === 'info') return;
    if (type === 'fail') kind[operation] = ListKind.dropped;
    else if (f === 'append') kind[operation] = ListKind.append;
    else if (f === 'read') {
      // "Not found" is the empty list.
      const list = output ?? nothing;
      kind[operation] = isList(list) ? ListKind.read : ListKind.foreign;
      if (isList(list)) this.lists[operation] = list;
    }
  }
}
