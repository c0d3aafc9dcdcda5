/**
 * JSON without loss. `JSON.parse` rounds whole numbers beyond 2^53, and two of them may become one, so that a stale
 * value would look fresh. Here a whole number of any size is exact: it is a bigint where a number is not. What is
 * written with a point or an exponent is a floating number.
 */
import { deepestValue } from './format.ts';
import type { Value } from '../history/operation.ts';

/** Undefined when the text is not JSON. */
export function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return { value: hasRounded(value) ? new Exact(text).value() : value };
  } catch {
    return undefined;
  }
}

/** Whether it holds a whole number that may have been rounded, at a depth that anybody reads. */
function hasRounded(value: unknown, left: number = deepestValue): boolean {
  if (typeof value === 'number') return value >= 2 ** 53 || value <= -(2 ** 53);
  if (typeof value !== 'object' || value === null || left === 0) return false;
  for (const name in value)
    if (hasRounded((value as { readonly [name: string]: unknown })[name], left - 1)) return true;
  return false;
}

/** Whole numbers of any size as their digits, floating ones with a point or an exponent. */
export function writeJson(value: Value): string {
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(writeJson).join(',')}]`;
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}:${writeJson(field)}`);
  return `{${fields.join(',')}}`;
}

function writeNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isInteger(value) ? `${value}`.replace(/^-?\d+$/, '$&.0') : JSON.stringify(value);
}

/** Whether lists and records are nested in it deeper than anybody needs. */
export function isTooDeep(value: unknown, left: number = deepestValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  for (const name in value) if (isTooDeep((value as { readonly [name: string]: unknown })[name], left - 1)) return true;
  return false;
}

const space = /[\s,:]*/y;
const number = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;

/** Reads what `JSON.parse` has found to be well-formed, so that nothing can be missing. */
class Exact {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Value {
    this.#take(space);
    const first = this.#text.charAt(this.#at);
    if (first === '{') return this.#record();
    if (first === '[') return this.#list();
    if (first === '"') return this.#string();
    if (first === '-' || (first >= '0' && first <= '9')) return exact(this.#take(number));
    const word = first === 't' ? 'true' : first === 'f' ? 'false' : 'null';
    this.#at += word.length;
    return word === 'null' ? null : word === 'true';
  }

  #list(): Value[] {
    const items: Value[] = [];
    for (this.#at++; !this.#ends(']');) items.push(this.value());
    return items;
  }

  #record(): { readonly [name: string]: Value } {
    const fields: [string, Value][] = [];
    for (this.#at++; !this.#ends('}');) fields.push([this.#string(), this.value()]);
    return Object.fromEntries(fields);
  }

  #string(): string {
    this.#take(space);
    let end = this.#text.indexOf('"', this.#at + 1);
    while (isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    const literal = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return JSON.parse(literal) as string;
  }

  #ends(close: string): boolean {
    this.#take(space);
    if (this.#text.charAt(this.#at) !== close) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charAt(at - 1 - slashes) === '\\') slashes++;
  return slashes % 2 === 1;
}

function exact(token: string): number | bigint {
  const value = Number(token);
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(value) ? BigInt(token) : value;
}
