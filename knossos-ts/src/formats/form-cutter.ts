/**
 * Cuts a text of EDN or JSON that comes in pieces into the forms of its outermost level, without reading them: it only
 * counts brackets outside of texts, characters and comments. If the text is one list, the forms are its items. What
 * lies between two forms goes with the later one.
 */
import { HistoryError } from '../history/history-error.ts';
import { deepestValue, longestEvent } from './format.ts';
import { tooLong, withoutMark } from './text-lines.ts';

export interface Cut {
  readonly text: string;
  /** Of its beginning, from 1. */
  readonly line: number;
  /** It comes after the end of the list that was to hold everything. */
  readonly isAfterAll: boolean;
}

const [newline, quote, backslash, semicolon] = [10, 34, 92, 59];
const [open, close] = [
  [40, 91, 123],
  [41, 93, 125],
];

/** A character's part in a text, `nothing` for most. */
const roles = new Uint8Array(128);
const role = { nothing: 0, opens: 1, closes: 2, special: 3 };
for (const code of open ?? []) roles[code] = role.opens;
for (const code of close ?? []) roles[code] = role.closes;
for (const code of [newline, quote, backslash, semicolon]) roles[code] = role.special;

export class FormCutter {
  readonly #hasComments: boolean;
  #rest = '';
  /** Of the beginning of `rest`. */
  #line = 1;
  #newlines = 0;
  #depth = 0;
  #state: 'plain' | 'text' | 'escape' | 'character' | 'comment' = 'plain';
  /** The list around everything: not begun, none, open, closed. */
  #list: 'unknown' | 'none' | 'open' | 'closed' = 'unknown';
  #isFirst = true;

  /** `hasComments`: as EDN has, with `;`, and characters with a backslash. */
  constructor({ hasComments }: { readonly hasComments: boolean }) {
    this.#hasComments = hasComments;
  }

  *push(piece: string): Generator<Cut> {
    let text = this.#isFirst ? withoutMark(piece) : piece;
    if (text !== '') this.#isFirst = false;
    if (this.#list === 'unknown') text = this.#begin(text);
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      if (!this.#step(text.charCodeAt(at))) continue;
      const form = this.#rest + text.slice(start, at + 1);
      this.#rest = '';
      start = at + 1;
      const cut = this.#cut(form);
      if (cut !== undefined) yield cut;
    }
    this.#rest += text.slice(start);
    if (this.#rest.length > longestEvent) throw tooLong(this.#line);
  }

  /** What is left after the last piece, and whether something that was begun lacks its end. */
  end(): Cut & { readonly isOpen: boolean } {
    const isAfterAll = this.#list === 'closed';
    return { text: this.#rest, line: this.#line, isAfterAll, isOpen: this.#depth > 0 || this.#list === 'open' };
  }

  /** Where the first thing of the text is a bracket of a list, that list holds everything. */
  #begin(piece: string): string {
    const text = this.#rest + piece;
    const blank = this.#hasComments ? /^(?:[\s,]+|;[^\n]*\n)*/ : /^\s*/;
    const [before = ''] = blank.exec(text) ?? [];
    const first = text.charAt(before.length);
    this.#rest = '';
    if (first === '' || (first === ';' && this.#hasComments)) {
      this.#rest = text;
      return '';
    }
    this.#list = first === '[' || first === '(' ? 'open' : 'none';
    if (this.#list === 'none') return text;
    this.#line += before.split('\n').length - 1;
    return text.slice(before.length + 1);
  }

  /** True when a form ends with this character. */
  #step(code: number): boolean {
    const part = code < 128 ? (roles[code] as number) : role.nothing;
    if (code === newline) this.#newlines++;
    if (this.#state !== 'plain') {
      this.#leave(code);
      return false;
    }
    if (part === role.nothing) return false;
    if (part === role.opens) this.#open();
    else if (part === role.closes) return --this.#depth <= 0;
    else if (code === quote) this.#state = 'text';
    else if (this.#hasComments && code === backslash) this.#state = 'character';
    else if (this.#hasComments && code === semicolon) this.#state = 'comment';
    return false;
  }

  /** Nothing that is nested so deep is an event, whether it ends or not. */
  #open(): void {
    if (++this.#depth <= deepestValue) return;
    const line = this.#line + this.#newlines;
    throw new HistoryError(
      `Line ${line}: expected ${this.#hasComments ? 'forms' : 'values'} nested at most ${deepestValue} deep`,
      { line },
    );
  }

  #leave(code: number): void {
    if (this.#state === 'escape') this.#state = 'text';
    else if (this.#state === 'character') this.#state = 'plain';
    else if (this.#state === 'comment') {
      if (code === newline) this.#state = 'plain';
    } else if (code === quote) this.#state = 'plain';
    else if (code === backslash) this.#state = 'escape';
  }

  #cut(text: string): Cut | undefined {
    const line = this.#line;
    this.#line += this.#newlines;
    this.#newlines = 0;
    const isAfterAll = this.#list === 'closed';
    const ends = this.#depth < 0;
    this.#depth = 0;
    if (!ends || this.#list !== 'open' || text.endsWith('}')) return { text, line, isAfterAll };
    // The bracket of the list that holds everything. What it has before it belongs to no form.
    this.#list = 'closed';
    return text.slice(0, -1).trim() === '' ? undefined : { text: text.slice(0, -1), line, isAfterAll };
  }
}

/** Nothing but space may come after the list that holds everything. */
export function refuseMore({ line, isAfterAll }: Cut): void {
  if (isAfterAll)
    throw new HistoryError(`Line ${line}: expected the end of the text after the list, found more`, { line });
}
