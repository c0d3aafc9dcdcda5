/** What the whole history of a key tells about its values: who made them, and by when they were surely there. */
import type { Operation, Value } from '../history/operation.ts';
import { sameValue, valueKey, type ValueKey } from '../history/value.ts';
import { observedValue, producedValue } from '../models/register-values.ts';

export class Evidence {
  readonly #initial: Value;
  readonly #makers = new Map<ValueKey, Operation[]>();
  readonly #witnesses = new Map<ValueKey, Operation[]>();
  readonly #failed: readonly Operation[];

  constructor(initial: Value, history: readonly Operation[]) {
    this.#initial = initial;
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

  /** The position by which the last making of the value was surely over; Infinity when nobody knows. */
  settled(value: Value): number {
    const makers = this.makers(value);
    const [only] = makers;
    if (only === undefined) return this.isInitial(value) ? -Infinity : Infinity;
    const last = Math.max(...makers.map(({ returned }) => returned));
    if (!this.isUnique(value)) return last;
    // Whoever saw a value that was made once tells that it had been made.
    const seen = (this.#witnesses.get(valueKey(value)) ?? []).map(({ returned }) => returned);
    return Math.min(last, ...seen);
  }

  /** Every making of `newer` came after the last making of `older`, so that `older` never came back. */
  isNewer(newer: Value, older: Value): boolean {
    if (sameValue(newer, older) || this.isInitial(newer)) return false;
    const makers = this.makers(newer);
    const from = this.settled(older);
    return (
      makers.length > 0 &&
      makers.every((maker) => {
        const source = observedValue(maker);
        const consumes = source !== undefined && sameValue(source, older) && this.isUnique(older);
        return consumes || maker.called > from;
      })
    );
  }
}

function add(lists: Map<ValueKey, Operation[]>, value: Value | undefined, operation: Operation): void {
  if (value === undefined) return;
  const key = valueKey(value);
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [operation]);
  else list.push(operation);
}
