/**
 * Reads EDN (github.com/edn-format/edn), the notation of Clojure's data. There are libraries for that; the ones we
 * tried round 64-bit integers, take a text that was cut off for a whole one, and do not say in which line they were.
 */
import { HistoryError } from '../history/history-error.ts';
import { atom, character, escapes } from './edn-atoms.ts';
import { EdnMap, EdnSet, Keyword, Literal, Tagged, type Edn } from './edn-forms.ts';
import { deepestValue } from './format.ts';

/** The text ends where a form was to go on. */
export class EndOfText extends HistoryError {}

/** All forms of the text, one after the other. `line`: of its beginning. */
export function readEdn(text: string, line: number = 1): Edn[] {
  const reader = new Reader(text, line);
  const forms: Edn[] = [];
  while (!reader.atEnd()) forms.push(reader.form());
  return forms;
}

const closing: { readonly [open: string]: string } = { '[': ']', '(': ')', '{': '}' };
const space = /[\s,]+/y;
const comment = /[^\n]*/y;
const token = /[^\s,()[\]{}";]*/y;
const plain = /[^"\\]*/y;

class Reader {
  readonly #text: string;
  #at = 0;
  #line: number;
  #depth = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  /** Skips what says nothing: space, commas, comments, and forms after `#_`. */
  atEnd(): boolean {
    for (;;) {
      this.#takeLines(space);
      const next = this.#text.charAt(this.#at);
      if (next !== ';' && next !== '#') return next === '';
      if (next === ';') this.#take(comment);
      else if (this.#text.startsWith('#_', this.#at)) {
        this.#at += 2;
        this.form();
      } else return this.#at >= this.#text.length;
    }
  }

  form(): Edn {
    if (++this.#depth > deepestValue) throw this.#error(`expected forms nested at most ${deepestValue} deep`);
    if (this.atEnd()) throw this.#cutOff('a form');
    const form = this.#next(this.#line);
    this.#depth--;
    return form;
  }

  #next(line: number): Edn {
    const first = this.#text.charAt(this.#at);
    if (first === '[' || first === '(') return this.#sequence(first);
    if (first === '{') return this.#map(line);
    if (first === '"') return this.#string();
    if (first === '#') return this.#dispatch(line);
    if (first === '^') return this.#afterMetadata();
    if (first === '\\') {
      this.#at++;
      const begun = this.#at++;
      this.#take(token);
      return this.#made(
        character(this.#text.slice(begun, this.#at)),
        'a character',
        this.#text.slice(begun - 1, this.#at),
      );
    }
    if (first === ']' || first === ')' || first === '}') throw this.#error(`expected a form, found ${first}`);
    const found = this.#take(token);
    return this.#made(atom(found), 'a number, a keyword or a symbol', found);
  }

  #made(form: Edn | undefined, expected: string, found: string): Edn {
    if (form === undefined) throw this.#error(`expected ${expected}, found ${found.slice(0, 60)}`);
    return form;
  }

  /** `test` and not `exec`, which makes an array: this is where the time goes. */
  #take(pattern: RegExp): string {
    const from = this.#at;
    pattern.lastIndex = from;
    if (!pattern.test(this.#text)) return '';
    this.#at = pattern.lastIndex;
    return this.#text.slice(from, this.#at);
  }

  /** Of what may have line ends in it. */
  #takeLines(pattern: RegExp): string {
    const found = this.#take(pattern);
    for (let end = found.indexOf('\n'); end !== -1; end = found.indexOf('\n', end + 1)) this.#line++;
    return found;
  }

  #error(message: string): HistoryError {
    return new HistoryError(`Line ${this.#line}: ${message}`, { line: this.#line });
  }

  #cutOff(expected: string): HistoryError {
    const message = `Line ${this.#line}: expected ${expected}, found the end of the text`;
    return new EndOfText(message, { line: this.#line });
  }

  #sequence(open: string): Edn[] {
    const items: Edn[] = [];
    const close = closing[open] ?? '';
    const begun = this.#line;
    for (this.#at++; ;) {
      if (this.atEnd()) throw this.#cutOff(`${close} for the ${open} of line ${begun}`);
      if (this.#text.charAt(this.#at) === close) break;
      items.push(this.form());
    }
    this.#at++;
    return items;
  }

  #map(line: number): EdnMap {
    const items = this.#sequence('{');
    if (items.length % 2 === 1) throw this.#error(`expected a value for each key of the map of line ${line}`);
    const entries: (readonly [Edn, Edn])[] = [];
    for (let at = 0; at < items.length; at += 2) entries.push([items[at] as Edn, items[at + 1] as Edn]);
    return new EdnMap(entries, line);
  }

  #string(): string {
    const begun = this.#line;
    let text = '';
    for (this.#at++; ;) {
      text += this.#takeLines(plain);
      const char = this.#text.charAt(this.#at++);
      if (char === '"') return text;
      if (char === '') throw this.#cutOff(`" for the text of line ${begun}`);
      text += this.#escape();
    }
  }

  #escape(): string {
    const char = this.#text.charAt(this.#at++);
    const plainly = escapes[char];
    if (plainly !== undefined) return plainly;
    const hex = this.#text.slice(this.#at, this.#at + 4);
    if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#error(`expected an escape, found \\${char}`);
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #dispatch(line: number): Edn {
    this.#at++;
    const next = this.#text.charAt(this.#at);
    if (next === '{') return new EdnSet(this.#sequence('{'));
    if (next === '#') {
      this.#at++;
      return new Literal('#', this.#take(token));
    }
    const tag = this.#take(token);
    if (tag === '') throw this.#error('expected a tag after #');
    const form = this.form();
    if (tag.startsWith(':') && form instanceof EdnMap) return inNamespace(tag.slice(1), form, line);
    return new Tagged(tag, form);
  }

  #afterMetadata(): Edn {
    this.#at++;
    this.form();
    return this.form();
  }
}

/** `#:a{:b 1}` is `{:a/b 1}`. */
const inNamespace = (namespace: string, map: EdnMap, line: number): EdnMap =>
  new EdnMap(
    map.entries.map(([key, value]) => [
      key instanceof Keyword && !key.name.includes('/') ? new Keyword(`${namespace}/${key.name}`) : key,
      value,
    ]),
    line,
  );
