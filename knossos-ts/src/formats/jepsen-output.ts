/** The way back from our events to those of Jepsen and its tools. */
import type { HistoryEvent, Value } from '../history/operation.ts';
import { isList, sameValue } from '../history/value.ts';
import { mutators } from './jepsen-events.ts';

export interface JepsenEvent {
  readonly type: HistoryEvent['type'];
  readonly f: string;
  readonly value: Value;
  /**
   * Said outright where a reader could not tell it from the value: null for what has no key, since `[key value]` looks
   * like any other pair, and the key of a transaction, which looks like one without.
   */
  readonly key?: Value;
  readonly error?: Value;
  /** Where the result happens to be the input, or is nil where the input is not, and would be misread. */
  readonly result?: Value;
}

/** A completion says its input again, unless it has a result. */
export function asJepsen(event: HistoryEvent, invocation: HistoryEvent | undefined): JepsenEvent {
  const { process, f, key, error } = event;
  const data = dataOf(event, invocation);
  const isNamed = process !== 'nemesis' && (key === null || f === 'txn');
  const value = process === 'nemesis' || isNamed ? data : [key, data];
  const named = isNamed ? { key } : {};
  const result = event.value;
  if (isRefused(event, result)) {
    const { current } = result;
    return { type: 'fail', f, value, ...named, error: [precondition, ...(current === undefined ? [] : [current])] };
  }
  return {
    type: event.type,
    f,
    value,
    ...named,
    ...(error === undefined ? {} : { error: [error.code, error.text] }),
    ...(isMistakable(event, invocation) ? { result } : {}),
  };
}

function isMistakable({ type, f, value }: HistoryEvent, invocation: HistoryEvent | undefined): boolean {
  if (type !== 'ok' || invocation === undefined || invocation.value === null) return false;
  if (mutators.has(f)) return value !== null && sameValue(value, invocation.value);
  return value === null && f !== 'read' && f !== 'write' && f !== 'cas';
}

/** As a keyword, which JSON writes as a text. */
const precondition = ':precondition-failed';

/** Each event with the invocation that it completes. */
export function* withInvocations(
  events: Iterable<HistoryEvent>,
): Generator<readonly [HistoryEvent, HistoryEvent | undefined]> {
  const open = new Map<number, HistoryEvent>();
  for (const event of events) {
    if (event.process === 'nemesis') yield [event, undefined];
    else {
      yield [event, open.get(event.process)];
      if (event.type === 'invoke') open.set(event.process, event);
      else open.delete(event.process);
    }
  }
}

const isRefused = ({ f, type }: HistoryEvent, value: Value): value is { readonly [name: string]: Value } =>
  f === 'cas' &&
  type === 'ok' &&
  typeof value === 'object' &&
  value !== null &&
  !isList(value) &&
  value['swapped'] === false;

function dataOf({ process, f, type, value }: HistoryEvent, invocation: HistoryEvent | undefined): Value {
  if (process === 'nemesis' || type === 'invoke') return value;
  if (f === 'read' || f === 'write' || f === 'cas') return f === 'read' && type === 'ok' ? value : repeated(invocation);
  return type === 'ok' && value !== null ? value : repeated(invocation);
}

const repeated = (invocation: HistoryEvent | undefined): Value => invocation?.value ?? null;
