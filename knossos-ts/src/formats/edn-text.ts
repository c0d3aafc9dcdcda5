/**
 * Reads EDN (github.com/edn-format/edn), the notation of Clojure's data, as far as histories use it: nil, booleans,
 * numbers, texts, characters, keywords, symbols, lists, vectors, sets, maps, comments, discards and tags. A tag is
 * dropped and what it marks is kept, since Jepsen tags its operations.
 */
import { HistoryError } from '../history/history-error.ts';

/** `:name`, or a symbol, which histories use alike. */
export class Keyword {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class EdnMap {
  readonly entries: readonly (readonly [Edn, Edn])[];
  /** Where it begins. */
  readonly line: number;

  constructor(entries: readonly (readonly [Edn, Edn])[], line: number) {
    this.entries = entries;
    this.line = line;
  }

  /** The value under the keyword; undefined when there is none. */
  get(name: string): Edn | undefined {
    return this.entries.find(([key]) => key instanceof Keyword && key.name === name)?.[1];
  }
}

/** Whole numbers beyond Number.MAX_SAFE_INTEGER are bigints; with a point or an exponent they are numbers. */
export type Edn = null | boolean | number | bigint | string | Keyword | EdnMap | readonly Edn[];

/** All forms of the text, one after the other. */
export function readEdn(text: string): Edn[] {
  const reader = new Reader(text);
  const forms: Edn[] = [];
  while (!reader.atEnd()) forms.push(reader.form());
  return forms;
}

const closing: { readonly [open: string]: string } = { '[': ']', '(': ')', '{': '}' };
const delimiter = /[\s,()[\]{}";]/;

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skip();
    return this.#at >= this.#text.length;
  }

  form(): Edn {
    if (this.atEnd()) throw this.#error('expected a form, found the end of the text');
    const line = this.#line;
    const first = this.#text.charAt(this.#at);
    if (first === '[' || first === '(') return this.#sequence(first);
    if (first === '{') return new EdnMap(this.#pairs(line), line);
    if (first === '"') return this.#string();
    if (first === '#') return this.#dispatch();
    if (first === '\\') return this.#character();
    if (first in { ']': 0, ')': 0, '}': 0 }) throw this.#error(`expected a form, found ${first}`);
    return this.#atom(this.#token());
  }

  #error(message: string): HistoryError {
    return new HistoryError(`Line ${this.#line}: ${message}`, { line: this.#line });
  }

  #skip(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (char === '\n') this.#line++;
      else if (char === ';') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = (end === -1 ? this.#text.length : end) - 1;
      } else if (char === '#' && this.#text.charAt(this.#at + 1) === '_') {
        this.#at += 2;
        this.form();
        this.#at--;
      } else if (char !== ',' && char.trim() !== '') return;
    }
  }

  #sequence(open: string): Edn[] {
    const items: Edn[] = [];
    const close = closing[open] ?? '';
    const begun = this.#line;
    this.#at++;
    for (;;) {
      if (this.atEnd())
        throw this.#error(`expected ${close} for the ${open} of line ${begun}, found the end of the text`);
      if (this.#text.charAt(this.#at) === close) break;
      items.push(this.form());
    }
    this.#at++;
    return items;
  }

  #pairs(line: number): (readonly [Edn, Edn])[] {
    const items = this.#sequence('{');
    if (items.length % 2 === 1) throw this.#error(`expected a value for each key of the map of line ${line}`);
    const pairs: (readonly [Edn, Edn])[] = [];
    for (let at = 0; at < items.length; at += 2) pairs.push([items[at] as Edn, items[at + 1] as Edn]);
    return pairs;
  }

  #string(): string {
    const begun = this.#line;
    let text = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') {
        this.#at++;
        return text;
      }
      if (char === '\n') this.#line++;
      text += char === '\\' ? this.#escape() : char;
    }
    throw this.#error(`expected " for the text of line ${begun}, found the end of the text`);
  }

  #escape(): string {
    const char = this.#text.charAt(++this.#at);
    const plain = ({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\' } as { [c: string]: string })[
      char
    ];
    if (plain !== undefined) return plain;
    const hex = this.#text.slice(this.#at + 1, this.#at + 5);
    if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#error(`expected an escape, found \\${char}`);
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #dispatch(): Edn {
    this.#at++;
    if (this.#text.charAt(this.#at) === '{') return this.#sequence('{');
    this.#token();
    return this.form();
  }

  #character(): string {
    this.#at++;
    const first = this.#text.charAt(this.#at++);
    const name = first + this.#token();
    const named = ({ newline: '\n', space: ' ', tab: '\t', return: '\r' } as { [name: string]: string })[name];
    return named ?? (/^u[0-9a-fA-F]{4}$/.test(name) ? String.fromCharCode(Number.parseInt(name.slice(1), 16)) : name);
  }

  #token(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !delimiter.test(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #atom(token: string): Edn {
    if (token === 'nil') return null;
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^[+-]?\d+N?$/.test(token)) {
      const whole = BigInt(token.replace(/^\+/, '').replace(/N$/, ''));
      return whole >= Number.MIN_SAFE_INTEGER && whole <= Number.MAX_SAFE_INTEGER ? Number(whole) : whole;
    }
    if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token)) return Number(token.replace(/M$/, ''));
    if (/^[+-]?\d/.test(token)) throw this.#error(`expected a number, found ${token}`);
    return new Keyword(token.startsWith(':') ? token.slice(1) : token);
  }
}
