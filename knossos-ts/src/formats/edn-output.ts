/** Writes events as Jepsen's tools read them; see jepsen-events.ts for the differences that are translated. */
import { writeEdn } from './edn-values.ts';
import { asJepsen, withInvocations } from './jepsen-output.ts';
import { isTransaction } from './jepsen-events.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';

/**
 * One map, without the line end. A completion repeats the input of its invocation, as Knossos wants it: pass the
 * invocation, or the value is nil. The value is `[key value]`; what has no key says `:key nil`, so that it is not taken
 * for such a pair, and a transaction says its key, too.
 */
export function formatEdn(event: HistoryEvent, invocation?: HistoryEvent): string {
  const { index, time, process, node } = event;
  const { type, f, value, key, error, result } = asJepsen(event, invocation);
  return [
    `{:index ${index}, :time ${time}, :process ${process === 'nemesis' ? ':nemesis' : process}`,
    `:type :${type}, :f ${keyword(f)}, :value ${f === 'txn' ? writeTransaction(value) : writeEdn(value)}`,
    ...(key === undefined ? [] : [`:key ${writeEdn(key)}`]),
    ...(result === undefined ? [] : [`:result ${writeEdn(result)}`]),
    ...(error === undefined ? [] : [`:error ${writeEdn(error)}`]),
    ...(node === undefined ? [] : [`:node ${JSON.stringify(node)}`]),
  ]
    .join(', ')
    .concat('}');
}

/** The whole history, line by line, each completion with the input of its invocation. */
export function* formatEdnLines(events: Iterable<HistoryEvent>): Generator<string> {
  for (const [event, invocation] of withInvocations(events)) yield formatEdn(event, invocation);
}

/** Elle wants the functions of a transaction as keywords. */
const writeTransaction = (value: Value): string =>
  isTransaction(value)
    ? writeEdn(value.map(([name, ...rest]) => [typeof name === 'string' ? `:${name}` : (name ?? null), ...rest]))
    : writeEdn(value);

const keyword = (name: string): string =>
  /^[A-Za-z*!_?<>=.+-][\w*!?<>=.+/-]*$/.test(name) ? `:${name}` : JSON.stringify(name);
