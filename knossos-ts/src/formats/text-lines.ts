/** Cuts a text that comes in pieces into lines. A line ends with LF or CR LF; a byte order mark is no part of it. */
import { HistoryError } from '../history/history-error.ts';
import { longestEvent } from './format.ts';

export class TextLines {
  /** The number of the line that was yielded last, from 1. */
  number = 0;
  #rest = '';

  *push(piece: string): Generator<string> {
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      const line = this.#rest + piece.slice(start, end);
      this.#rest = '';
      start = end + 1;
      yield this.#next(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#rest += piece.slice(start);
    if (this.#rest.length > longestEvent) throw tooLong(this.number + 1);
  }

  /** What follows the last line end; undefined when nothing does. */
  end(): string | undefined {
    const line = this.#rest === '' ? '' : this.#next(this.#rest);
    return line === '' ? undefined : line;
  }

  #next(line: string): string {
    this.number++;
    return this.number === 1 ? withoutMark(line) : line;
  }
}

/** Editors of some systems put it at the beginning of a text. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

export const tooLong = (line: number): HistoryError =>
  new HistoryError(
    `Line ${line}: expected an event of at most ${longestEvent} characters, found a longer one; is this a history?`,
    { line },
  );
