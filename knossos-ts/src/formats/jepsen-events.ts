/**
 * Histories in the form of Jepsen and its tools: one map per event with `index`, `time`, `process`, `type`, `f` and
 * `value`, and the process `nemesis` for faults. There a cas that did not swap is a failure, and completions repeat the
 * input; here it is an observation, and a completion carries a result. The two forms are translated into each other
 * without loss. EDN and JSON differ only in how they are written.
 */
import { HistoryError } from '../history/history-error.ts';
import type { EventType, HistoryEvent, Value } from '../history/operation.ts';
import { isList, sameValue, showValue } from '../history/value.ts';
import type { FormatOptions } from './format.ts';

/** The fields of one map that mean something, as they were written. Names may still have the colon of a keyword. */
export interface JepsenMap {
  line: number;
  index?: Value;
  time?: Value;
  process?: Value;
  type?: Value;
  f?: Value;
  value?: Value;
  key?: Value;
  error?: Value;
  node?: Value;
  result?: Value;
}

export const jepsenFields: ReadonlySet<string> = new Set([
  'index',
  'time',
  'process',
  'type',
  'f',
  'value',
  'key',
  'error',
  'node',
  'result',
]);

export class JepsenEvents {
  readonly #options: FormatOptions;
  readonly #label: (field: string) => string;
  /** What each process is about to do. */
  readonly #inputs = new Map<number, HistoryEvent>();
  #position = 0;
  /** Some event had `key` nil. */
  saysKeyless = false;

  constructor(options: FormatOptions, label: (field: string) => string) {
    this.#options = options;
    this.#label = label;
  }

  /** A missing index is the position of the event, a missing time the index. @throws HistoryError with the line. */
  event(map: JepsenMap): HistoryEvent {
    const position = this.#position++;
    const { index = position } = map;
    if (!isCount(index)) throw this.#malformed(map, 'index', 'a whole number from 0');
    const { time = index } = map;
    if (typeof time !== 'number' && typeof time !== 'bigint') throw this.#malformed(map, 'time', 'nanoseconds');
    const process = this.#process(map);
    const type = this.#type(map);
    const f = nameOf(map.f) ?? (isTransaction(map.value ?? null) ? 'txn' : undefined);
    if (f === undefined || f === '') throw this.#malformed(map, 'f', 'the name of a function');
    const base = { index, time: Number(time), process, type, f };
    if (process === 'nemesis') return withRest({ ...base, key: null, value: map.value ?? null }, map);
    const { key, value } = this.#split(map, f, type);
    const event = withRest({ ...base, key, value: dataOf(f, type, value) }, map);
    if (type !== 'invoke') return this.#observed(this.#completed(event, process, map), map.error ?? null);
    this.#inputs.set(process, event);
    return event;
  }

  #type(map: JepsenMap): EventType {
    const type = nameOf(map.type);
    if (isType(type)) return type;
    throw this.#malformed(map, 'type', `one of ${['invoke', 'ok', 'fail', 'info'].map(this.#label).join(', ')}`);
  }

  #malformed(map: JepsenMap, field: keyof JepsenMap, expected: string, hint: string = ''): HistoryError {
    const found = map[field];
    const shown = found === undefined ? '' : `, found ${showValue(found).slice(0, 60)}`;
    const { line } = map;
    return new HistoryError(`Line ${line}: expected ${this.#label(field)} to be ${expected}${shown}${hint}`, { line });
  }

  #process(map: JepsenMap): number | 'nemesis' {
    const { process = null } = map;
    if (isCount(process)) return process;
    if (nameOf(process) === 'nemesis') return 'nemesis';
    throw this.#malformed(map, 'process', `a whole number from 0 or ${this.#label('nemesis')}`);
  }

  /** A `fail` or `info` may come without its key; pairing takes it from the invocation. */
  #split(map: JepsenMap, f: string, type: EventType): { readonly key: Value; readonly value: Value } {
    const { value = null, key: named } = map;
    if (named !== undefined) {
      if (named === null) this.saysKeyless = true;
      return { key: named, value: f === 'txn' && isTransaction(value) ? plainly(value) : value };
    }
    if (f === 'txn' && isTransaction(value)) return { key: null, value: plainly(value) };
    if (this.#options.independent === false) return { key: null, value };
    if (isPair(value)) {
      const [key, data] = value;
      // A cas on a single object has two parts, too. A key cannot be told from one of them, but what is left can.
      if (f !== 'cas' || isPair(data) || (data === null && type !== 'invoke')) return { key, value: data };
      throw this.#malformed(map, 'value', 'a pair [key [from to]]', forOneObject);
    }
    if (value === null && (type === 'fail' || type === 'info')) return { key: null, value: null };
    throw this.#malformed(map, 'value', 'a pair [key value]', forOneObject);
  }

  /** Completions of what tells nothing repeat its input. */
  #completed(event: HistoryEvent, process: number, { result }: JepsenMap): HistoryEvent {
    const begun = this.#inputs.get(process);
    this.#inputs.delete(process);
    if (result !== undefined) return { ...event, value: result };
    const repeats = mutators.has(event.f) && begun !== undefined && sameValue(event.value, begun.value);
    return repeats && event.value !== null ? { ...event, value: null } : event;
  }

  /** A refused cas is an observation, and a read of nil may be none. */
  #observed(event: HistoryEvent, error: Value): HistoryEvent {
    if (event.f === 'cas' && event.type === 'fail') {
      const [code, ...seen] = isList(error) ? error : [error];
      if (nameOf(code) !== 'precondition-failed') return event;
      const { error: _, ...rest } = event;
      const current = seen.length === 0 ? {} : { current: seen[0] ?? null };
      return { ...rest, type: 'ok', value: { swapped: false, ...current } };
    }
    const isRead = event.f === 'read' && event.type === 'ok';
    if (isRead && event.value === null && this.#options.nilReadsMatchAnything === true) {
      return { ...event, type: 'fail', error: { code: null, text: 'a read of nil matches anything' } };
    }
    return event;
  }
}

/** How the tools of this library are told. */
const forOneObject = '; a history of a single object is read with "independent: false" (--no-independent)';

/** What changes an object and mostly tells nothing. */
export const mutators: ReadonlySet<string> = new Set([
  'put',
  'append',
  'add',
  'remove',
  'enqueue',
  'insert',
  'delete',
  'acquire',
  'release',
]);

const isCount = (value: Value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A keyword or a text. */
export const nameOf = (value: Value | undefined): string | undefined =>
  typeof value !== 'string' ? undefined : value.startsWith(':') ? value.slice(1) : value;

const isType = (name: string | undefined): name is EventType =>
  name === 'invoke' || name === 'ok' || name === 'fail' || name === 'info';

const isPair = (value: Value): value is readonly [Value, Value] => isList(value) && value.length === 2;

/** A list of `[f key value]`, as Elle has them. */
export const isTransaction = (value: Value): value is readonly (readonly Value[])[] =>
  isList(value) && value.every((part) => isList(part) && part.length >= 2 && typeof part[0] === 'string');

/** Functions by their names: `["append", 3, 1]`. */
const plainly = (value: readonly (readonly Value[])[]): Value =>
  value.map(([f = null, ...rest]) => [nameOf(f) ?? f, ...rest]);

function withRest(event: HistoryEvent, { error: said = null, node }: JepsenMap): HistoryEvent {
  const error = errorOf(said);
  if (error === undefined) return typeof node === 'string' ? { ...event, node } : event;
  return typeof node === 'string' ? { ...event, error, node } : { ...event, error };
}

/** What the event says beyond its input: nothing but the result of an ok operation. */
function dataOf(f: string, type: EventType, value: Value): Value {
  if (type === 'invoke') return value;
  if (type !== 'ok') return null;
  return f === 'cas' ? { swapped: true } : f === 'write' ? null : value;
}

function errorOf(error: Value): { code: number | null; text: string } | undefined {
  if (error === null) return undefined;
  if (isList(error) && error.length === 2) {
    const [code = null, text] = error;
    if ((code === null || typeof code === 'number') && typeof text === 'string') return { code, text };
  }
  return { code: null, text: nameOf(error) ?? showValue(error) };
}
