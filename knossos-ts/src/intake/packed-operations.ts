/**
 * Operations of a history that comes event by event and is kept by nobody: what an `Operation` is made of, in columns.
 * Some 60 bytes for each, where its two events would take 250, and nothing for the garbage collector to walk through.
 */
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import { isList } from '../history/value.ts';
import { FloatColumn } from './float-column.ts';
import { IntColumn } from './int-column.ts';
import { operationOf } from './operation-of.ts';

/** Small whole numbers stand for themselves, pairs of them are below, and everything else is above. */
const limit = 2 ** 29;

const swapped: Value = { swapped: true };

/** By the number that stands for it, in the lowest two bits beside the function. */
const types = ['invoke', 'ok', 'fail', 'info'] as const;

export class PackedOperations {
  /** The index of each invocation less its place, which is mostly the same for all: only where it changes. */
  readonly #offsets: { readonly from: number; readonly offset: number }[] = [];
  readonly #processes = new IntColumn();
  /** Those beyond 31 bits, by operation. */
  readonly #largeProcesses = new Map<number, number>();
  /** Four times the number of the function, and the type of the completion; `invoke` where there is none. */
  readonly #kinds = new IntColumn();
  readonly #inputs = new IntColumn();
  readonly #outputs = new IntColumn();
  readonly #invokedAt = new FloatColumn();
  readonly #completedAt = new FloatColumn();
  #offset = 0;
  readonly #functions: string[] = [];
  readonly #pairs = new IntColumn();
  /** First those that most results are. */
  readonly #others: Value[] = [null, swapped];
  /** The nodes that answered, where that is known. */
  readonly #nodes = new Map<number, string>();

  /** The next operation. */
  invoked(event: HistoryEvent, process: number, place: number): void {
    const { index, node } = event;
    const operation = this.#kinds.length;
    if (node !== undefined) this.#nodes.set(operation, node);
    if (index - place !== this.#offset) {
      this.#offset = index - place;
      this.#offsets.push({ from: operation, offset: this.#offset });
    }
    if ((process | 0) !== process) this.#largeProcesses.set(operation, process);
    this.#processes.push(process);
    this.#kinds.push(this.#functionOf(event.f) * 4);
    this.#inputs.push(this.#codeOf(event.value));
    this.#outputs.push(0);
    this.#invokedAt.push(event.time);
    this.#completedAt.push(0);
  }

  completed(operation: number, { type, value, time, node }: HistoryEvent): void {
    if (node !== undefined) this.#nodes.set(operation, node);
    this.#kinds.cells[operation] = (this.#kinds.cells[operation] as number) | types.indexOf(type);
    if (type === 'ok') this.#outputs.cells[operation] = this.#codeOf(value);
    this.#completedAt.cells[operation] = time;
  }

  /** The name of its function. */
  f(operation: number): string {
    return this.#functions[(this.#kinds.cells[operation] as number) >>> 2] as string;
  }

  /** `called`: the place of its invocation. */
  id(operation: number, called: number): number {
    let [low, high] = [0, this.#offsets.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#offsets[middle]?.from ?? 0) <= operation) low = middle + 1;
      else high = middle;
    }
    return called + (this.#offsets[low - 1]?.offset ?? 0);
  }

  hasFunction(f: string): boolean {
    return this.#functions.includes(f);
  }

  operation(number: number, key: Value, positions: { readonly called: number; readonly returned: number }): Operation {
    const process = this.#largeProcesses.get(number) ?? this.#processes.cells[number] ?? 0;
    const base = { index: this.id(number, positions.called), process, f: this.f(number), key };
    const type = types[(this.#kinds.cells[number] as number) & 3] ?? 'invoke';
    const node = this.#nodes.get(number);
    const at = node === undefined ? {} : { node };
    const [time, ended] = [this.#invokedAt.cells[number] as number, this.#completedAt.cells[number] as number];
    const value = this.#valueOf(this.#inputs.cells[number] as number);
    const invocation: HistoryEvent = { ...base, time, type: 'invoke', value, ...at };
    if (type === 'invoke') return operationOf(invocation, undefined, positions);
    const output = type === 'ok' ? this.#valueOf(this.#outputs.cells[number] as number) : null;
    return operationOf(invocation, { ...base, time: ended, type, value: output }, positions);
  }

  #functionOf(f: string): number {
    const known = this.#functions.indexOf(f);
    return known >= 0 ? known : this.#functions.push(f) - 1;
  }

  #codeOf(value: Value): number {
    if (isSmall(value)) return value;
    if (isList(value) && value.length === 2 && isSmall(value[0]) && isSmall(value[1])) {
      this.#pairs.push(value[0]);
      this.#pairs.push(value[1]);
      return -limit - this.#pairs.length / 2;
    }
    if (value === null) return limit;
    return isSwapped(value) ? limit + 1 : limit - 1 + this.#others.push(value);
  }

  #valueOf(code: number): Value {
    if (code >= limit) return this.#others[code - limit] ?? null;
    if (code >= -limit) return code;
    const pair = (-limit - code - 1) * 2;
    return [this.#pairs.cells[pair] as number, this.#pairs.cells[pair + 1] as number];
  }
}

const isSmall = (value: Value | undefined): value is number =>
  typeof value === 'number' && (value | 0) === value && value < limit && value >= -limit && !Object.is(value, -0);

/** Only `{swapped: true}`. */
function isSwapped(value: Value): boolean {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  for (const name in value) if (name !== 'swapped') return false;
  return value['swapped'] === true;
}
