/**
 * Clojure's data as values, and back. Different data stay different: what JSON has no counterpart for becomes a text or
 * a record that nothing else is written as, so that a checker never takes one value for another. There are three
 * exceptions, which no store tells apart: a list is a vector, a set is the list of its items in a canonical order, and
 * `1.0` is `1`.
 *
 * | EDN              | value                                                       |
 * | ---------------- | ----------------------------------------------------------- |
 * | `:a/b`           | `":a/b"`, and the text `":a/b"` is `{"#text": ":a/b"}`      |
 * | `foo`, `\a`      | `{"#symbol": "foo"}`, `{"#char": "a"}`                      |
 * | `1/2`, `##Inf`   | `{"#ratio": "1/2"}`, `{"##": "Inf"}`                        |
 * | `#inst "2026"`   | `{"#inst": "2026"}`                                         |
 * | `{:a 1, "b" 2}`  | `{"a": 1, "\"b\"": 2}`                                      |
 * | `{1 2, [3] 4}`   | `{"1": 2, "[3]": 4}`                                        |
 */
import { escapes, namedCharacters } from './edn-atoms.ts';
import { EdnMap, EdnSet, Keyword, Literal, Tagged, type Edn } from './edn-forms.ts';
import { readEdn } from './edn-text.ts';
import { readJson, writeJson } from './json-text.ts';
import type { Value } from '../history/operation.ts';
import { isList, valueKey } from '../history/value.ts';

export type Fields = { readonly [name: string]: Value };

const oneKeyword = /^:[^\s,()[\]{}";]+$/;
const plainName = /^[A-Za-z*!_?<>=.+-][\w*!?<>=.+/-]*$/;
const tag = /^[A-Za-z][\w*!?<>=.+/-]*$/;

/** Holds what EDN cannot say, as JSON in a text. */
const jsonTag = 'knossos/json';

export function valueOf(edn: Edn): Value {
  if (typeof edn === 'string') return oneKeyword.test(edn) ? { '#text': edn } : edn;
  if (typeof edn !== 'object' || edn === null) return edn;
  if (edn instanceof Keyword) return `:${edn.name}`;
  if (edn instanceof Literal) return { [`#${edn.kind}`]: edn.text };
  if (edn instanceof EdnSet) return edn.items.map(valueOf).toSorted(canonically);
  if (edn instanceof Tagged) return untagged(edn);
  if (edn instanceof EdnMap)
    return Object.fromEntries(edn.entries.map(([key, value]) => [nameOf(key), valueOf(value)]));
  return edn.map(valueOf);
}

function untagged({ tag: name, form }: Tagged): Value {
  const value = valueOf(form);
  if (name !== jsonTag || typeof value !== 'string') return { [`#${name}`]: value };
  return (readJson(value)?.value ?? null) as Value;
}

/** Numbers by size, then everything else by how it is written. */
function canonically(one: Value, other: Value): number {
  const [a, b] = [valueKey(one), valueKey(other)];
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

/** The key of a map, as the name of a field. */
function nameOf(key: Edn): string {
  if (key instanceof Keyword) return key.name;
  if (typeof key !== 'string') return writeEdn(valueOf(key));
  return isAmbiguous(key) ? JSON.stringify(key) : key;
}

/** A text that another kind of key would have the same name as. */
const isAmbiguous = (key: string): boolean => plainName.test(key) || /^["\]})]/.test(key) || formOf(key) !== undefined;

/** What is written there, when that is one form other than a symbol. */
function formOf(text: string): Edn | undefined {
  if (!/^[\d+\-[({#\\:"^;,\s]|^(nil|true|false)$/.test(text)) return undefined;
  try {
    const forms = readEdn(text);
    return forms.length === 1 && !(forms[0] instanceof Literal && forms[0].kind === 'symbol') ? forms[0] : undefined;
  } catch {
    return undefined;
  }
}

export function writeEdn(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return oneKeyword.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'bigint') return writeJson(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(writeEdn).join(' ')}]`;
  return writeRecord(value);
}

function writeRecord(record: Fields): string {
  const names = Object.keys(record);
  if (names.every((name) => plainName.test(name))) return writeFields(record, names);
  const written = (names.length === 1 ? writeSpecial(record, names[0] ?? '') : undefined) ?? writeFields(record, names);
  return isSame(written, record) ? written : `#${jsonTag} ${JSON.stringify(writeJson(record))}`;
}

function isSame(written: string, record: Fields): boolean {
  try {
    const forms = readEdn(written);
    return forms.length === 1 && valueKey(valueOf(forms[0] ?? null)) === valueKey(record);
  } catch {
    return false;
  }
}

const writeFields = (record: Fields, names: readonly string[]): string =>
  `{${names.map((name) => `${writeName(name)} ${writeEdn(record[name] ?? null)}`).join(', ')}}`;

function writeName(name: string): string {
  if (plainName.test(name)) return `:${name}`;
  return formOf(name) === undefined ? JSON.stringify(name) : name;
}

/** What a record with one field stands for, if it is one of those that stand for something. */
function writeSpecial(record: Fields, name: string): string | undefined {
  const value = record[name] ?? null;
  if (name === '##' && typeof value === 'string') return `##${value}`;
  if (!name.startsWith('#') || !tag.test(name.slice(1))) return undefined;
  if (typeof value === 'string') {
    if (name === '#text') return JSON.stringify(value);
    if (name === '#char') return writeCharacter(value);
    if (name === '#symbol' || name === '#ratio') return value;
    if (name === '#decimal') return `${value}M`;
  }
  return `${name} ${writeEdn(value)}`;
}

function writeCharacter(char: string): string {
  const named = Object.entries(namedCharacters).find(([, meant]) => meant === char)?.[0];
  if (named !== undefined) return `\\${named}`;
  const code = char.charCodeAt(0);
  return code < 0x21 || char in escapes ? `\\u${code.toString(16).padStart(4, '0')}` : `\\${char}`;
}
