/**
 * A history as text: one JSON object per line and event, with the fields of `HistoryEvent` in their order. A line that
 * was only half written when the writer died is recognised by its missing line end.
 */
import { HistoryError } from '../history/history-error.ts';
import type { EventType, HistoryEvent, Value } from '../history/operation.ts';

/** Without the line end. Throws on a bigint, which JSON does not have. */
export function formatJsonLine(event: HistoryEvent): string {
  const { process, error, node } = event;
  const who = process === 'nemesis' ? '"nemesis"' : process;
  let line = `{"index":${event.index},"time":${event.time},"process":${who},"type":"${event.type}","f":${JSON.stringify(event.f)},"key":${scalar(event.key)},"value":${scalar(event.value)}`;
  if (error !== undefined) line += `,"error":{"code":${error.code},"text":${JSON.stringify(error.text)}}`;
  if (node !== undefined) line += `,"node":${JSON.stringify(node)}`;
  return `${line}}`;
}

/** Most values are whole numbers or null, for which a template is much faster than the general serializer. */
const scalar = (value: Value): string =>
  value === null
    ? 'null'
    : typeof value === 'number' && Number.isInteger(value)
      ? String(value)
      : JSON.stringify(value);

export interface ParsedLines {
  readonly events: HistoryEvent[];
  /** The last line had no end and could not be read; it was dropped. */
  readonly torn: boolean;
}

/** @throws HistoryError with the number of the first malformed line, and what was expected there. */
export function parseJsonLines(text: string): ParsedLines {
  const events: HistoryEvent[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    line++;
    const end = text.indexOf('\n', start);
    const piece = text.slice(start, end === -1 ? text.length : end);
    const parsed = parse(piece);
    if (parsed === undefined) {
      if (end === -1) return { events, torn: true };
      throw new HistoryError(`Line ${line}: expected a JSON object, found ${excerpt(piece)}`, { line });
    }
    refuseRounded(piece, line);
    events.push(asEvent(parsed.value, line));
    start = end === -1 ? text.length : end + 1;
  }
  return { events, torn: false };
}

function parse(piece: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(piece) as unknown };
  } catch {
    return undefined;
  }
}

/** Two whole numbers beyond 2^53 may be read as the same one, and then a stale value would look fresh. */
function refuseRounded(piece: string, line: number): void {
  if (!/\d{16}/.test(piece)) return;
  JSON.parse(piece, (_name, value: unknown) => {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new HistoryError(`Line ${line}: expected whole numbers below 2^53, found ${value}; write it as a text`, {
        line,
      });
    return value;
  });
}

const excerpt = (piece: string): string => {
  if (piece.trim() === '') return 'an empty line';
  return piece.length > 60 ? `${JSON.stringify(piece.slice(0, 60))}...` : JSON.stringify(piece);
};

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asEvent(value: unknown, line: number): HistoryEvent {
  const expect = (fact: boolean, field: string, expected: string, found: unknown): void => {
    if (fact) return;
    const shown = found === undefined ? 'nothing' : excerpt(JSON.stringify(found));
    throw new HistoryError(`Line ${line}: expected "${field}" to be ${expected}, found ${shown}`, { line });
  };
  if (!isRecord(value)) {
    throw new HistoryError(`Line ${line}: expected a JSON object, found ${excerpt(JSON.stringify(value))}`, { line });
  }
  const { index, time, process, type, f, key, value: data, error, node } = value;
  expect(isCount(index), 'index', 'a whole number from 0', index);
  expect(typeof time === 'number', 'time', 'a number of nanoseconds', time);
  expect(isCount(process) || process === 'nemesis', 'process', 'a whole number from 0 or "nemesis"', process);
  expect(isType(type), 'type', 'one of invoke, ok, fail, info', type);
  expect(typeof f === 'string' && f !== '', 'f', 'the name of a function', f);
  expect(key !== undefined, 'key', 'a key, or null', key);
  expect(data !== undefined, 'value', 'a value, or null', data);
  expect(error === undefined || isError(error), 'error', '{"code": a number or null, "text": a text}', error);
  expect(node === undefined || typeof node === 'string', 'node', 'the name of a node', node);
  return {
    index: index as number,
    time: time as number,
    process: process as number | 'nemesis',
    type: type as EventType,
    f: f as string,
    key: key as Value,
    value: data as Value,
    ...(error === undefined ? {} : { error: error as { code: number | null; text: string } }),
    ...(node === undefined ? {} : { node: node as string }),
  };
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isType = (value: unknown): boolean =>
  value === 'invoke' || value === 'ok' || value === 'fail' || value === 'info';

const isError = (value: unknown): boolean =>
  isRecord(value) && (value['code'] === null || typeof value['code'] === 'number') && typeof value['text'] === 'string';
