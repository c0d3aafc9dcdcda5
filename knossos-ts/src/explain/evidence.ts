/** What the whole history of a key tells about its values: who made them, and by when they were surely there. */
import type { Operation, Value } from '../history/operation.ts';
import { sameValue, valueKey, type ValueKey } from '../history/value.ts';
import { attemptedValue, observedValue, producedValue } from '../models/register-values.ts';

/** Who can have made a value as far as an operation can have met it. */
interface Making {
  readonly makers: readonly Operation[];
  readonly isUnique: boolean;
  /** The position by which the last making was surely over; Infinity when nobody knows. */
  readonly settled: number;
}

export class Evidence {
  readonly #initial: Value;
  readonly #makers = new Map<ValueKey, Operation[]>();
  readonly #witnesses = new Map<ValueKey, Operation[]>();
  readonly #all: readonly Operation[];
  /** For each operation that was asked about: what is known as far as it can tell. Asked anew, it would be quadratic. */
  readonly #makings = new Map<Operation, Map<ValueKey, Making>>();

  /** `about`: the operations about whose values it will be asked; the others need no list. */
  constructor(initial: Value, history: readonly Operation[], about: readonly Operation[] = history) {
    this.#initial = initial;
    this.#all = history;
    for (const operation of about) {
      for (const value of [attemptedValue(operation), observedValue(operation)]) {
        if (value === undefined) continue;
        this.#makers.set(valueKey(value), []);
        this.#witnesses.set(valueKey(value), []);
      }
    }
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

  /** Operations that would have made it, and surely did not: they failed, or were refused. */
  idleAttempts(value: Value): readonly Operation[] {
    return this.#all.filter((operation) => {
      const attempted = attemptedValue(operation);
      if (attempted === undefined || !sameValue(attempted, value)) return false;
      return operation.type === 'fail' || producedValue(operation) === undefined;
    });
  }

  /** The value was there during one stretch of time at most. */
  isUnique(value: Value): boolean {
    return this.makers(value).length + Number(this.isInitial(value)) === 1;
  }

  /** The value was there during one stretch of time at most, as far as `end` can have met it. */
  isUniqueFor(value: Value, end: Operation): boolean {
    return this.#making(value, end).isUnique;
  }

  /** The operation surely overwrote the value for good, as far as `end` can have met it. */
  replaces(operation: Operation, value: Value, end: Operation): boolean {
    const made = producedValue(operation);
    if (made === undefined || sameValue(made, value)) return false;
    const { isUnique, settled } = this.#making(value, end);
    const source = observedValue(operation);
    if (source !== undefined && sameValue(source, value) && isUnique) return true;
    return operation.called > settled;
  }

  /** Whoever saw `seen` saw something that replaced `value` for good. */
  isNewer(seen: Value, value: Value, end: Operation): boolean {
    if (sameValue(seen, value) || this.isInitial(seen)) return false;
    const { makers } = this.#making(seen, end);
    return makers.length > 0 && makers.every((maker) => this.replaces(maker, value, end));
  }

  /** Nothing but `end` itself can have made the value after `since` had returned and before `end` did. */
  isAtRest(value: Value, since: Operation, end: Operation): boolean {
    return this.#making(value, end).makers.every((maker) => maker === end || maker.returned <= since.returned);
  }

  #making(value: Value, end: Operation): Making {
    const known = this.#makings.get(end) ?? new Map<ValueKey, Making>();
    this.#makings.set(end, known);
    const key = valueKey(value);
    const making = known.get(key) ?? this.#findMaking(value, end);
    known.set(key, making);
    return making;
  }

  #findMaking(value: Value, end: Operation): Making {
    const makers = this.makers(value).filter(({ called }) => called <= end.returned);
    const isUnique = makers.length + Number(this.isInitial(value)) === 1;
    if (makers.length === 0) return { makers, isUnique, settled: this.isInitial(value) ? -Infinity : Infinity };
    // Whoever saw a value that was made once tells that it had been made.
    const over = isUnique ? (this.#witnesses.get(valueKey(value)) ?? []) : [];
    const last = latest(makers);
    return { makers, isUnique, settled: over.reduce((first, { returned }) => Math.min(first, returned), last) };
  }

  /** Somebody tried in vain to change the value after `maker` had returned and before `end` did. */
  wasAttackedFrom(maker: Operation, end: Operation): boolean {
    return this.#all.some((other) => {
      if (attemptedValue(other) === undefined || other === maker || other === end) return false;
      return other.called > maker.returned && other.called <= end.returned;
    });
  }

  /** Nothing else can have changed the value after `maker` made it and before `end` returned. */
  lastsFrom(maker: Operation, end: Operation): boolean {
    return this.#all.every((other) => {
      if (other === maker || other.type === 'fail' || producedValue(other) === undefined) return true;
      return other.returned < maker.called || other.called > end.returned;
    });
  }
}

const latest = (operations: readonly Operation[]): number =>
  operations.reduce((last, { returned }) => Math.max(last, returned), -Infinity);

function add(lists: ReadonlyMap<ValueKey, Operation[]>, value: Value | undefined, operation: Operation): void {
  if (value !== undefined) lists.get(valueKey(value))?.push(operation);
}
