/**
 * The logs of Jepsen's etcd test that Porcupine's tests use: `INFO  jepsen.util - 0	:invoke	:cas	[3 0]`, on one
 * register. There a cas fails because the value is another one, which is an observation, and a read that timed out
 * fails. The notation has no keys, indices and times.
 */
import { HistoryError } from '../history/history-error.ts';
import type { EventType, HistoryEvent, Value } from '../history/operation.ts';
import { isList } from '../history/value.ts';
import { readEdn } from './edn-text.ts';
import { valueOf, writeEdn } from './edn-values.ts';
import { excerpt } from './excerpt.ts';
import type { EventReader, Format } from './format.ts';
import { asJepsen, withInvocations } from './jepsen-output.ts';
import { TextLines } from './text-lines.ts';

export const porcupineJepsen: Format = {
  title: "Jepsen's logs of etcd, as Porcupine's tests have them: read, write and cas on one register",
  read: () => new LogReader(),
  write: function* (events) {
    for (const [event, invocation] of withInvocations(events)) yield lineOf(event, invocation);
  },
};

const operation = /^INFO\s+jepsen\.util\s+-\s+(\d+|:nemesis)\s+:(invoke|ok|fail|info)\s+:(\S+)\s+(\S.*)$/;
/** What a program logs beside its operations. */
const other = /^(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s+\S+\s+-\s+(?!\d|:)|^\s*$/;

class LogReader implements EventReader {
  readonly #lines = new TextLines();
  #index = 0;
  torn: HistoryError | undefined;

  get line(): number {
    return this.#lines.number;
  }

  *push(piece: string): Generator<HistoryEvent> {
    for (const line of this.#lines.push(piece)) yield* this.#read(line);
  }

  *end(): Generator<HistoryEvent> {
    const last = this.#lines.end();
    if (last === undefined) return;
    const { line } = this;
    try {
      // A 12 may be what is left of 123.
      if (/[^\]"})]$/.test(last))
        throw new HistoryError(`Line ${line}: expected a line end, found the end of the text`, { line });
      yield* this.#read(last);
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      this.torn = error;
    }
  }

  *#read(text: string): Generator<HistoryEvent> {
    const { line } = this;
    const [, process = '', type, f = '', data = ''] = operation.exec(text) ?? [];
    if (type !== undefined) yield this.#event(process, type as EventType, f, this.#value(data));
    else if (!other.test(text)) {
      const message = `Line ${line}: expected INFO  jepsen.util - 0 :invoke :read nil or the like, found ${excerpt(text)}`;
      throw new HistoryError(message, { line });
    }
  }

  #value(data: string): Value {
    const { line } = this;
    const [form, more] = readEdn(data, line);
    if (form !== undefined && more === undefined) return valueOf(form);
    throw new HistoryError(`Line ${line}: expected one value, found ${excerpt(data)}`, { line });
  }

  #event(process: string, type: EventType, f: string, value: Value): HistoryEvent {
    const index = this.#index++;
    const base = { index, time: index, f, key: null };
    if (process === ':nemesis') return { ...base, process: 'nemesis', type, value };
    const event = { ...base, process: Number(process), type };
    if (type === 'invoke') return { ...event, value: f === 'read' ? null : value };
    if (f === 'cas' && type === 'fail' && isList(value)) return { ...event, type: 'ok', value: { swapped: false } };
    if (type !== 'ok') return { ...event, value: null };
    return { ...event, value: f === 'cas' ? { swapped: true } : f === 'write' ? null : value };
  }
}

function lineOf(event: HistoryEvent, invocation: HistoryEvent | undefined): string {
  const { process, key } = event;
  if (key !== null) throw new HistoryError('A Jepsen log of Porcupine is about one object; this history has keys');
  const { type, f, value, error } = asJepsen(event, invocation);
  const isRefused = error !== undefined && event.type === 'ok';
  const isLost = process !== 'nemesis' && (type === 'info' || (type === 'fail' && !isRefused));
  const said = isLost ? (type === 'info' ? ':timed-out' : ':failed') : writeEdn(value);
  return `INFO  jepsen.util - ${process === 'nemesis' ? ':nemesis' : process}\t:${type}\t:${f}\t${said}`;
}
