/** Writes events as Jepsen's tools read them; see edn-input.ts for the differences that are translated. */
import type { HistoryEvent, Value } from '../history/operation.ts';
import { isList } from '../history/value.ts';

/**
 * One map, without the line end. A completion repeats the input of its invocation, as Knossos wants it: pass the
 * invocation, or the value is nil. The value is `[key value]`, unless the key is null; a history without keys is read
 * again with `independent: false`.
 */
export function formatEdn(event: HistoryEvent, invocation?: HistoryEvent): string {
  const { process, type, f, key, node } = event;
  const refused = isRefused(event);
  const data = dataOf(event, invocation);
  const value = process === 'nemesis' || key === null ? edn(data) : `[${edn(key)} ${edn(data)}]`;
  const error = refused ? refusal(event.value as { readonly [name: string]: Value }) : errorOf(event);
  return [
    `{:index ${event.index}, :time ${event.time}, :process ${process === 'nemesis' ? ':nemesis' : process}`,
    `:type :${refused ? 'fail' : type}, :f ${keyword(f)}, :value ${value}`,
    ...(error === undefined ? [] : [`:error ${error}`]),
    ...(node === undefined ? [] : [`:node ${edn(node)}`]),
  ]
    .join(', ')
    .concat('}');
}

/** The whole history, line by line, each completion with the input of its invocation. */
export function* formatEdnLines(events: Iterable<HistoryEvent>): Generator<string> {
  const open = new Map<number, HistoryEvent>();
  for (const event of events) {
    if (event.process === 'nemesis') yield formatEdn(event);
    else {
      yield formatEdn(event, open.get(event.process));
      if (event.type === 'invoke') open.set(event.process, event);
      else open.delete(event.process);
    }
  }
}

const isRecord = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !isList(value);

const isRefused = ({ f, type, value }: HistoryEvent): boolean =>
  f === 'cas' && type === 'ok' && isRecord(value) && value['swapped'] === false;

const refusal = ({ current }: { readonly [name: string]: Value }): string =>
  current === undefined ? '[:precondition-failed]' : `[:precondition-failed ${edn(current)}]`;

const errorOf = ({ error }: HistoryEvent): string | undefined =>
  error === undefined ? undefined : `[${error.code ?? 'nil'} ${edn(error.text)}]`;

function dataOf(event: HistoryEvent, invocation: HistoryEvent | undefined): Value {
  const { f, type, value } = event;
  if (type === 'invoke' || (f === 'read' && type === 'ok')) return value;
  if (f === 'read' || f === 'write' || f === 'cas') return invocation?.value ?? null;
  return value;
}

const plainName = /^[A-Za-z*!_?<>=.+-][\w*!?<>=.+/-]*$/;

const keyword = (name: string): string => (plainName.test(name) ? `:${name}` : edn(name));

/** A whole number that may have been rounded is written as what it is, a floating one; a bigint is a whole number. */
const number = (value: number): string =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? `${value}`.replace(/^-?\d+$/, '$&.0') : String(value);

function edn(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return number(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(edn).join(' ')}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${keyword(name)} ${edn(field)}`)
    .join(', ')}}`;
}
