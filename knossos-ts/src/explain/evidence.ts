/** What the whole history of a key tells about its values: who made them, and by when they were surely there. */
import type { Operation, Value } from '../history/operation.ts';
import { sameValue, valueKey, type ValueKey } from '../history/value.ts';
import { observedValue, producedValue } from '../models/register-values.ts';

export class Evidence {
  readonly #initial: Value;
  readonly #makers = new Map<ValueKey, Operation[]>();
  readonly #witnesses = new Map<ValueKey, Operation[]>();
  readonly #all: readonly Operation[];
  readonly #failed: readonly Operation[];

  constructor(initial: Value, history: readonly Operation[]) {
    this.#initial = initial;
    this.#all = history;
    this.#failed = history.filter(({ type }) => type === 'fail');
    for (const operation of history) {
      if (operation.type === 'fail') continue;
      add(this.#makers, producedValue(operation), operation);
      if (operation.type === 'ok') add(this.#witnesses, observedValue(operation), operation);
    }
  }

  isInitial(value: Value): boolean {
    return sameValue(value, this.#initial);
  }

  /** The operations that made the value or may have. */
  makers(value: Value): readonly Operation[] {
    return this.#makers.get(valueKey(value)) ?? [];
  }

  /** Operations that would have made it, and surely did not. */
  failedMakers(value: Value): readonly Operation[] {
    return this.#failed.filter((operation) => {
      const made = producedValue(operation);
      return made !== undefined && sameValue(made, value);
    });
  }

  /** The value was there during one stretch of time at most. */
  isUnique(value: Value): boolean {
    return this.makers(value).length + Number(this.isInitial(value)) === 1;
  }

  /** The value was there during one stretch of time at most, as far as `end` can have met it. */
  isUniqueFor(value: Value, end: Operation): boolean {
    return this.#makersFor(value, end).length + Number(this.isInitial(value)) === 1;
  }

  /** The operation surely overwrote the value for good, as far as `end` can have met it. */
  replaces(operation: Operation, value: Value, end: Operation): boolean {
    const made = producedValue(operation);
    if (made === undefined || sameValue(made, value)) return false;
    const source = observedValue(operation);
    if (source !== undefined && sameValue(source, value) && this.isUniqueFor(value, end)) return true;
    return operation.called > this.#settled(value, end);
  }

  /** Whoever saw `seen` saw something that replaced `value` for good. */
  isNewer(seen: Value, value: Value, end: Operation): boolean {
    if (sameValue(seen, value) || this.isInitial(seen)) return false;
    const makers = this.#makersFor(seen, end);
    return makers.length > 0 && makers.every((maker) => this.replaces(maker, value, end));
  }

  #makersFor(value: Value, end: Operation): readonly Operation[] {
    return this.makers(value).filter(({ called }) => called <= end.returned);
  }

  /** The position by which the last making of the value was surely over; Infinity when nobody knows. */
  #settled(value: Value, end: Operation): number {
    const makers = this.#makersFor(value, end);
    if (makers.length === 0) return this.isInitial(value) ? -Infinity : Infinity;
    const last = Math.max(...makers.map(({ returned }) => returned));
    if (!this.isUniqueFor(value, end)) return last;
    // Whoever saw a value that was made once tells that it had been made.
    const seen = (this.#witnesses.get(valueKey(value)) ?? []).map(({ returned }) => returned);
    return Math.min(last, ...seen);
  }

  /** Nothing else can have changed the value after `maker` made it and before `end` returned. */
  lastsFrom(maker: Operation, end: Operation): boolean {
    return this.#all.every((other) => {
      if (other === maker || other.type === 'fail' || producedValue(other) === undefined) return true;
      return other.returned < maker.called || other.called > end.returned;
    });
  }
}

function add(lists: Map<ValueKey, Operation[]>, value: Value | undefined, operation: Operation): void {
  if (value === undefined) return;
  const key = valueKey(value);
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [operation]);
  else list.push(operation);
}
