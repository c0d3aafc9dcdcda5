/**
 * How the reports say numbers, times and values. Whatever a system under test can name or return is made printable
 * here: control characters would let a value drive the reader's terminal, and marks of writing direction would let it
 * reorder the words around it (Boucher & Anderson, "Trojan Source", 2021).
 */
import type { Operation, Value } from 'knossos-ts';
import type { DeltaReport } from '../src/report/run-report.ts';

/** `9,787`. */
export const count = (number: number): string => String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 key`, `51 keys`. */
export const counted = (number: number, noun: string, plural: string = `${noun}s`): string =>
  `${count(number)} ${number === 1 ? noun : plural}`;

/** A length of time with three digits at most: `431 ms`, `2.2 ms`, `8.0 s`. */
export function duration(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return 'no end';
  if (nanoseconds < 1e3) return `${nanoseconds} ns`;
  if (nanoseconds < 1e6) return `${threeDigits(nanoseconds / 1e3)} µs`;
  if (nanoseconds < 1e9) return `${threeDigits(nanoseconds / 1e6)} ms`;
  return `${threeDigits(nanoseconds / 1e9)} s`;
}

const threeDigits = (number: number): string =>
  number >= 99.95 ? count(Math.round(number)) : number >= 9.995 ? number.toFixed(1) : number.toFixed(2);

/** A moment of the run, exact enough to find it in the history: `18.9340 s`. */
export const moment = (nanoseconds: number, decimals = 4): string => `${(nanoseconds / 1e9).toFixed(decimals)} s`;

/** `97.1 %`; a dash where there is nothing to divide. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part === 0 || part === whole ? 0 : 1)} %`;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `20 Nov 2026, 13:45 UTC` of an ISO 8601 instant in UTC; anything else stays as it is. */
export function day(iso: string): string {
  const [, year, month, date, time] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(iso) ?? [];
  return time === undefined ? printable(iso) : `${Number(date)} ${months[Number(month) - 1]} ${year}, ${time} UTC`;
}

/** Control and format characters, and the separators of lines and paragraphs. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Shows what cannot be seen as its code point: `\u001b`. */
export const printable = (text: string): string =>
  text.replace(invisible, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);

/** At most `limit` characters; says how many it left out, where that takes less room than they do. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return limit < 60 ? `${kept}…` : `${kept}… (${count(text.length - kept.length)} characters more)`;
}

/** A value in the notation of JSON; a big integer as its digits. Cut at `limit` characters. */
export function shown(value: Value, limit = 200): string {
  const text = typeof value === 'string' ? clip(value, limit) : value;
  const json = JSON.stringify(text, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return clip(printable(typeof value === 'bigint' ? String(value) : json), limit);
}

/** A key as people write it: without quotes where it is a plain word. */
export const shownKey = (key: Value, limit = 60): string =>
  typeof key === 'string' && /^[\w.:/-]+$/.test(key) ? clip(key, limit) : shown(key, limit);

/** What was asked and what came of it: `read 41`, `write 42`, `cas 3→4`, `cas 3→4 found 7`, `insert 4 found 7`. */
export function call({ f, input, type, output }: Operation, limit = 40): string {
  const name = clip(printable(f), limit);
  if (f === 'cas' && Array.isArray(input) && input.length === 2) {
    const [from, to] = input as [Value, Value];
    return `${name} ${shown(from, limit)}→${shown(to, limit)}${seen(output, limit)}`;
  }
  if (f === 'insert') return `${name} ${shown(input, limit)}${seen(output, limit)}`;
  if (f === 'txn' && Array.isArray(input)) return clip(`${name} ${transaction(input, output)}`, limit);
  if (input === null && type !== 'ok') return name;
  return `${name} ${shown(input === null ? output : input, limit)}`;
}

/** `if alice is 3, alice := 70, read bob = 80 (2)`: versions are numbers, and what was read stands behind it. */
function transaction(input: readonly Value[], output: Value): string {
  const { parts, current } = (output ?? {}) as { readonly [name: string]: Value | undefined };
  const done = (Array.isArray(parts) ? (parts as readonly Value[]) : input).map(partOf).join(', ');
  if (!Array.isArray(current)) return done;
  return `${done}: refused, ${(current as readonly Value[]).map((one) => partOf(one).replace(/^if /, '')).join(', ')}`;
}

function partOf(part: Value): string {
  if (!Array.isArray(part)) return shown(part);
  const [f = null, key = null, value = null] = part as readonly Value[];
  const on = shownKey(key);
  if (f === 'w') return `${on} := ${shown(value)}`;
  if (f === 'c') return `if ${on} is ${shown(value)}`;
  if (f !== 'r') return shown(part);
  if (value === null) return `read ${on}`;
  const { value: held, version } = value as { readonly [name: string]: Value | undefined };
  return held === undefined || version === undefined
    ? `read ${on} = ${shown(value)}`
    : `read ${on} = ${shown(held)} (${shown(version)})`;
}

function seen(output: Value, limit: number): string {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return '';
  const { swapped, inserted, current } = output as { readonly [name: string]: Value | undefined };
  if (swapped !== false && inserted !== false) return '';
  if (current !== undefined) return ` found ${shown(current, limit)}`;
  return swapped === false ? ' not swapped' : ' not inserted';
}

const acronyms: ReadonlySet<string> = new Set(['pram']);

/** `Linearizable`, `PRAM`. */
export const modelTitle = (model: string): string =>
  acronyms.has(model) ? model.toUpperCase() : model.charAt(0).toUpperCase() + model.slice(1);

/** `2 partition, 3 kill`, in the order of their first appearance. */
export function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, times]) => `${count(times)} ${name}`).join(', ');
}

/** What all reads together were behind, as a sentence. */
export function deltaText(delta: DeltaReport): string {
  if (delta.kind === 'none')
    return 'However much earlier the reads had begun, the run would not be linearizable (no Delta-atomicity): it is not staleness alone that is wrong.';
  if (delta.kind === 'unknown')
    return `Delta-atomicity is unknown: it was not decided within ${duration(delta.seconds * 1e9)}.`;
  if (delta.nanoseconds === 0) return 'Delta-atomicity: 0, since the run is linearizable as it is.';
  return `Had all reads begun ${duration(delta.nanoseconds)} earlier, the run would be linearizable (Delta-atomicity).`;
}
