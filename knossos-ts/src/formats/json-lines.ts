/**
 * A history as text: one JSON object per line and event, with the fields of `HistoryEvent` in their order. A line that
 * was only half written when the writer died is recognised by its missing line end.
 */
import { HistoryError } from '../history/history-error.ts';
import type { EventType, HistoryEvent, Value } from '../history/operation.ts';
import { excerpt } from './excerpt.ts';
import { deepestValue, type EventReader, type Format } from './format.ts';
import { isTooDeep, readJson, writeJson } from './json-text.ts';
import { TextLines } from './text-lines.ts';

export const jsonLines: Format = {
  title: 'one JSON object per line, as harness writes it',
  read: () => new JsonLinesReader(),
  write: function* (events) {
    for (const event of events) yield formatJsonLine(event);
  },
};

/** Without the line end. A bigint is written as its digits, which JSON allows and `JSON.parse` would round. */
export function formatJsonLine(event: HistoryEvent): string {
  const { process, error, node } = event;
  const who = process === 'nemesis' ? '"nemesis"' : process;
  let line = `{"index":${event.index},"time":${event.time},"process":${who},"type":"${event.type}","f":${JSON.stringify(event.f)},"key":${writeJson(event.key)},"value":${writeJson(event.value)}`;
  if (error !== undefined) line += `,"error":{"code":${error.code},"text":${JSON.stringify(error.text)}}`;
  if (node !== undefined) line += `,"node":${JSON.stringify(node)}`;
  return `${line}}`;
}

export interface ParsedLines {
  readonly events: HistoryEvent[];
  /** The last line had no end and could not be read; it was dropped. */
  readonly torn: boolean;
}

/** @throws HistoryError with the number of the first malformed line, and what was expected there. */
export function parseJsonLines(text: string): ParsedLines {
  const reader = new JsonLinesReader();
  const events = [...reader.push(text), ...reader.end()];
  return { events, torn: reader.torn !== undefined };
}

/** What `formatJsonLine` wrote, without keeping it. */
export function* parseJsonLinesFrom(pieces: Iterable<string>): Generator<HistoryEvent> {
  const reader = new JsonLinesReader();
  for (const piece of pieces) yield* reader.push(piece);
  yield* reader.end();
}

class JsonLinesReader implements EventReader {
  readonly #lines = new TextLines();
  torn: HistoryError | undefined;

  get line(): number {
    return this.#lines.number;
  }

  *push(piece: string): Generator<HistoryEvent> {
    for (const line of this.#lines.push(piece)) yield eventOf(line, this.#lines.number);
  }

  *end(): Generator<HistoryEvent> {
    const last = this.#lines.end();
    if (last === undefined) return;
    if (readJson(last) === undefined) this.torn = notJson(last, this.line);
    else yield eventOf(last, this.line);
  }
}

/** Nanoseconds since 1970 are too many for a number. Times are for people, who do not mind what is rounded there. */
const withTime = (value: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } =>
  typeof value['time'] === 'bigint' ? { ...value, time: Number(value['time']) } : value;

const notJson = (piece: string, line: number): HistoryError =>
  new HistoryError(`Line ${line}: expected a JSON object, found ${excerpt(piece)}`, { line });

function eventOf(piece: string, line: number): HistoryEvent {
  const parsed = readJson(piece);
  if (parsed === undefined) throw notJson(piece, line);
  if (!isRecord(parsed.value)) throw notJson(piece, line);
  const value = withTime(parsed.value);
  if (!isEvent(value)) throw complaint(value, line);
  const { index, time, process, type, f, key, value: data, error, node } = value;
  if (isTooDeep(data) || isTooDeep(key)) {
    throw new HistoryError(`Line ${line}: expected values nested at most ${deepestValue} deep`, { line });
  }
  const event = { index, time, process, type, f, key, value: data };
  if (error === undefined) return node === undefined ? event : { ...event, node };
  return node === undefined ? { ...event, error } : { ...event, error, node };
}

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isType = (value: unknown): value is EventType =>
  value === 'invoke' || value === 'ok' || value === 'fail' || value === 'info';

const isError = (value: unknown): boolean =>
  isRecord(value) && (value['code'] === null || typeof value['code'] === 'number') && typeof value['text'] === 'string';

interface Rule {
  readonly field: string;
  readonly holds: (value: unknown) => boolean;
  readonly expected: string;
}

const rules: readonly Rule[] = [
  { field: 'index', holds: isCount, expected: 'a whole number from 0' },
  { field: 'time', holds: (value) => typeof value === 'number', expected: 'a number of nanoseconds' },
  {
    field: 'process',
    holds: (value) => isCount(value) || value === 'nemesis',
    expected: 'a whole number from 0 or "nemesis"',
  },
  { field: 'type', holds: isType, expected: 'one of invoke, ok, fail, info' },
  { field: 'f', holds: (value) => typeof value === 'string' && value !== '', expected: 'the name of a function' },
  { field: 'key', holds: (value) => value !== undefined, expected: 'a key, or null' },
  { field: 'value', holds: (value) => value !== undefined, expected: 'a value, or null' },
  {
    field: 'error',
    holds: (value) => value === undefined || isError(value),
    expected: '{"code": a number or null, "text": a text}',
  },
  {
    field: 'node',
    holds: (value) => value === undefined || typeof value === 'string',
    expected: 'the name of a node',
  },
];

const isEvent = (value: { readonly [name: string]: unknown }): value is HistoryEvent & { [name: string]: Value } =>
  rules.every(({ field, holds }) => holds(value[field]));

function complaint(value: { readonly [name: string]: unknown }, line: number): HistoryError {
  const broken = rules.find(({ field, holds }) => !holds(value[field]));
  const found = value[broken?.field ?? ''];
  const shown = found === undefined ? 'nothing' : excerpt(showJson(found));
  return new HistoryError(`Line ${line}: expected "${broken?.field}" to be ${broken?.expected}, found ${shown}`, {
    line,
  });
}

/** Also what is nested so deep that walking through it takes too much stack. */
const showJson = (value: unknown): string => (isTooDeep(value) ? 'a deeply nested value' : writeJson(value as Value));
