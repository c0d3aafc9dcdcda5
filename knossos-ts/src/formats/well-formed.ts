/**
 * The rules of histories, which are Jepsen's: indices grow, a process has at most one operation in progress, and one
 * that got `info` never acts again, because nobody knows whether its operation still runs. They are held while a text
 * is read, because only there it is known at which line each event stands.
 */
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { isList, sameValue, showKey, showValue } from '../history/value.ts';

export class WellFormed {
  /** What each process is doing. */
  readonly #open = new Map<number, HistoryEvent>();
  readonly #retired = new Set<number>();
  #lastIndex = -1;

  /**
   * The invocation that a completion completes.
   * @throws HistoryError with the line.
   */
  add(event: HistoryEvent, line: number): HistoryEvent | undefined {
    const { index, process, type, f } = event;
    if (index <= this.#lastIndex) {
      throw broken(line, `expected an index above ${this.#lastIndex}, found ${index}; indices must grow`);
    }
    this.#lastIndex = index;
    if (process === 'nemesis') return undefined;
    if (this.#retired.size > 0 && this.#retired.has(process)) {
      throw broken(line, `process ${process} acts again after its info; a new process must take its place`);
    }
    const begun = this.#open.get(process);
    if (type === 'invoke') {
      if (begun !== undefined)
        throw broken(line, `process ${process} invokes ${f} while its ${begun.f} is in progress`);
      this.#open.set(process, event);
      return undefined;
    }
    if (begun === undefined) throw broken(line, `process ${process} completes ${f} without having invoked it`);
    if (begun.f !== f) throw broken(line, `process ${process} completes ${f}, but what it invoked is ${begun.f}`);
    if (event.key !== begun.key && event.key !== null && !sameValue(event.key, begun.key)) {
      const [key, other] = [showKey(event.key), showKey(begun.key)];
      throw broken(line, `process ${process} completes ${f} on key ${key}, but invoked it on key ${other}`);
    }
    if (f === 'cas' && type === 'ok' && !isCasResult(event.value)) {
      const found = showValue(event.value).slice(0, 60);
      throw broken(line, `expected the result of a cas to be {"swapped": true or false}, found ${found}`);
    }
    this.#open.delete(process);
    if (type === 'info') this.#retired.add(process);
    return begun;
  }
}

const isCasResult = (value: Value): boolean =>
  typeof value === 'object' && value !== null && !isList(value) && typeof value['swapped'] === 'boolean';

const broken = (line: number, what: string): HistoryError => new HistoryError(`Line ${line}: ${what}`, { line });
