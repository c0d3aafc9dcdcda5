/**
 * Histories in the form of Jepsen and its tools: one map per event,
 * `{:index 3 :time 17 :process 0 :type :ok :f :read :value [k v]}`, with `:process :nemesis` for faults. There a cas
 * that did not swap is a failure, and completions repeat the input; here it is an observation, and a completion
 * carries a result. The two forms are translated into each other without loss.
 */
import { EdnMap, Keyword, readEdn, type Edn } from './edn-text.ts';
import { HistoryError } from '../history/history-error.ts';
import { isList, valueKey } from '../history/value.ts';
import type { EventType, HistoryEvent, Value } from '../history/operation.ts';

export interface EdnOptions {
  /**
   * Values are `[key value]`, as jepsen.independent makes them. Default true. The text does not say which of the two
   * forms it has, so that anything else is an error then; a history of a single object whose values all look like such
   * pairs, which it cannot be where anything is read, would be taken for one of several keys.
   */
  readonly independent?: boolean;
  /**
   * Knossos' own data: an ok read of nil may have returned anything. Such a read becomes a `fail`, which checkers drop.
   * Default false.
   */
  readonly nilReadsMatchAnything?: boolean;
}

/**
 * The text holds maps one after the other, or one list of maps. A missing `:index` is the position of the event, a
 * missing `:time` the index.
 * @throws HistoryError with the line of the first thing that is not an event.
 */
export function parseEdn(text: string, options: EdnOptions = {}): HistoryEvent[] {
  const forms = readEdn(text);
  const only = forms[0];
  const items = forms.length === 1 && Array.isArray(only) ? (only as readonly Edn[]) : forms;
  return items.map((item, position) => {
    if (item instanceof EdnMap) return asEvent(item, position, options);
    throw new HistoryError(`Event ${position}: expected a map such as {:process 0, :type :invoke, ...}`, {
      index: position,
    });
  });
}

function asEvent(map: EdnMap, position: number, options: EdnOptions): HistoryEvent {
  const index = map.get('index') ?? position;
  const time = map.get('time') ?? index;
  if (!isCount(index)) throw malformed(map, ':index', 'a whole number from 0');
  if (typeof time !== 'number') throw malformed(map, ':time', 'nanoseconds');
  const process = processOf(map);
  const type = nameOf(map.get('type'));
  if (!isType(type)) throw malformed(map, ':type', 'one of :invoke, :ok, :fail, :info');
  const f = nameOf(map.get('f'));
  if (f === undefined) throw malformed(map, ':f', 'the name of a function');
  const node = map.get('node');
  const base = { index, time, process, ...(typeof node === 'string' ? { node } : {}) };
  const error = errorOf(map);
  if (process === 'nemesis') {
    return { ...base, type, f, key: null, value: valueOf(map.get('value') ?? null), ...(error && { error }) };
  }
  const { key, value } = split(map, f, type, options);
  const event: HistoryEvent = { ...base, type, f, key, value: dataOf(f, type, value), ...(error && { error }) };
  return observed(event, map.get('error') ?? null, options);
}

const malformed = (map: EdnMap, field: string, expected: string): HistoryError =>
  new HistoryError(`Line ${map.line}: expected ${field} to be ${expected}`, { line: map.line });

const isCount = (value: Edn): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function processOf(map: EdnMap): number | 'nemesis' {
  const process = map.get('process') ?? null;
  if (isCount(process)) return process;
  if (nameOf(process) === 'nemesis') return 'nemesis';
  throw malformed(map, ':process', 'a whole number from 0 or :nemesis');
}

const nameOf = (value: Edn | undefined): string | undefined =>
  value instanceof Keyword ? value.name : typeof value === 'string' ? value : undefined;

const isType = (name: string | undefined): name is EventType =>
  name === 'invoke' || name === 'ok' || name === 'fail' || name === 'info';

/** A `fail` or `info` may come without its key; pairing takes it from the invocation. */
function split(map: EdnMap, f: string, type: EventType, options: EdnOptions): { key: Value; value: Value } {
  const value = valueOf(map.get('value') ?? null);
  if (options.independent === false) return { key: null, value };
  const [key, data] = isPair(value) ? value : [];
  if (key !== undefined && data !== undefined) {
    // A cas on a single object has two parts, too. A key cannot be told from one of them, but what is left can.
    if (f !== 'cas' || isPair(data) || (data === null && type !== 'invoke')) return { key, value: data };
    throw malformed(map, ':value', `a pair [key [from to]]${forOneObject}`);
  }
  if (value === null && (type === 'fail' || type === 'info')) return { key: null, value: null };
  throw malformed(map, ':value', `a pair [key value]${forOneObject}`);
}

/** How the tools of this library are told. */
const forOneObject = '; a history of a single object is read with "independent: false" (--no-independent)';

const isPair = (value: Value): value is readonly [Value, Value] => isList(value) && value.length === 2;

/** What the event says beyond its input: nothing but the result of an ok operation. */
function dataOf(f: string, type: EventType, value: Value): Value {
  if (f === 'read') return type === 'ok' ? value : null;
  if (f !== 'write' && f !== 'cas') return value;
  if (type === 'invoke') return value;
  return f === 'cas' && type === 'ok' ? { swapped: true } : null;
}

/** A refused cas is an observation, and a read of nil may be none. */
function observed(event: HistoryEvent, error: Edn, options: EdnOptions): HistoryEvent {
  if (event.f === 'cas' && event.type === 'fail') {
    const [code, ...seen] = Array.isArray(error) ? (error as readonly Edn[]) : [error];
    if (nameOf(code) !== 'precondition-failed') return event;
    const { error: _, ...rest } = event;
    const current = seen.length === 0 ? {} : { current: valueOf(seen[0] ?? null) };
    return { ...rest, type: 'ok', value: { swapped: false, ...current } };
  }
  if (event.f === 'read' && event.type === 'ok' && event.value === null && options.nilReadsMatchAnything === true) {
    return { ...event, type: 'fail', error: { code: null, text: 'a read of nil matches anything' } };
  }
  return event;
}

function errorOf(map: EdnMap): { code: number | null; text: string } | undefined {
  const error = map.get('error');
  if (error === undefined || error === null) return undefined;
  if (Array.isArray(error) && error.length === 2) {
    const [code, text] = error as readonly Edn[];
    if ((code === null || typeof code === 'number') && typeof text === 'string') return { code, text };
  }
  const text =
    nameOf(error) ??
    JSON.stringify(valueOf(error), (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return { code: null, text };
}

/** Keywords become texts, and so do the keys of maps. */
function valueOf(edn: Edn): Value {
  if (edn instanceof Keyword) return edn.name;
  if (edn instanceof EdnMap) {
    return Object.fromEntries(
      edn.entries.map(([key, value]) => [nameOf(key) ?? String(valueKey(valueOf(key))), valueOf(value)]),
    );
  }
  return Array.isArray(edn) ? (edn as readonly Edn[]).map(valueOf) : (edn as Value);
}
