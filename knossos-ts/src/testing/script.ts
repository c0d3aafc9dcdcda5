/** Writes histories the way one tells them. Every event is a millisecond after the one before, unless `wait` is called. */
import type { HistoryEvent, Value } from '../history/operation.ts';

export class Script {
  readonly events: HistoryEvent[] = [];
  readonly #key: Value;
  #time = 0;

  constructor(key: Value = '17') {
    this.#key = key;
  }

  wait(milliseconds: number): this {
    this.#time += (milliseconds - 1) * 1e6;
    return this;
  }

  invoke(process: number, f: string, value: Value = null): this {
    return this.#add(process, 'invoke', f, value);
  }

  ok(process: number, f: string, value: Value = null, node?: string): this {
    return this.#add(process, 'ok', f, value, node);
  }

  fail(process: number, f: string): this {
    return this.#add(process, 'fail', f, null);
  }

  info(process: number, f: string): this {
    return this.#add(process, 'info', f, null);
  }

  /** From invocation to completion with nothing in between. */
  does(process: number, f: string, input: Value, output: Value, node?: string): this {
    return this.invoke(process, f, input).ok(process, f, output, node);
  }

  #add(process: number, type: HistoryEvent['type'], f: string, value: Value, node?: string): this {
    this.#time += 1e6;
    const event = { index: this.events.length, time: this.#time, process, type, f, key: this.#key, value };
    this.events.push(node === undefined ? event : { ...event, node });
    return this;
  }
}
