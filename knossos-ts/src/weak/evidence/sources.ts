/**
 * Who can have written what, and where things stand in lists, for the second opinion: from the operations and their values
 * alone. Each is looked up once, so that a circle of thousands of edges costs no more than reading the history does.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, valueKey, type ValueKey } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';

export class Sources {
  readonly #history: readonly Operation[];
  /** By key and value. */
  #makers: ReadonlyMap<ValueKey, ReadonlyMap<ValueKey, readonly Operation[]>> | undefined;
  /** By read: the first place of each element. */
  readonly #places = new Map<Operation, ReadonlyMap<ValueKey, number>>();

  constructor(history: readonly Operation[]) {
    this.#history = history;
  }

  /** All operations that may have written the value to the key. */
  makers(key: Value, value: Value): readonly Operation[] {
    this.#makers ??= this.#findMakers();
    return this.#makers.get(valueKey(key))?.get(valueKey(value)) ?? [];
  }

  /** Where what was appended stands in the list that was read; -1 where it does not. */
  placeIn(read: Operation, append: Operation): number {
    if (append.f !== 'append' || read.f !== 'read' || read.type !== 'ok' || !isList(read.output)) return -1;
    const places = this.#places.get(read) ?? placesOf(read.output);
    this.#places.set(read, places);
    return places.get(valueKey(append.input)) ?? -1;
  }

  #findMakers(): ReadonlyMap<ValueKey, ReadonlyMap<ValueKey, readonly Operation[]>> {
    const ofKeys = new Map<ValueKey, Map<ValueKey, Operation[]>>();
    for (const operation of this.#history) {
      const made = operation.type === 'fail' ? undefined : writtenBy(operation);
      if (made === undefined) continue;
      const key = valueKey(operation.key);
      const ofKey = ofKeys.get(key) ?? new Map<ValueKey, Operation[]>();
      ofKeys.set(key, ofKey);
      const makers = ofKey.get(valueKey(made));
      if (makers === undefined) ofKey.set(valueKey(made), [operation]);
      else makers.push(operation);
    }
    return ofKeys;
  }
}

/** Undefined for what changes nothing: a cas from a value to itself, too. */
export function writtenBy(operation: Operation): Value | undefined {
  const made = operation.f === 'append' ? operation.input : producedValue(operation);
  return made !== undefined && operation.f === 'cas' && sameValue(made, observedValue(operation) ?? null)
    ? undefined
    : made;
}

function placesOf(list: readonly Value[]): ReadonlyMap<ValueKey, number> {
  const places = new Map<ValueKey, number>();
  for (const [place, element] of list.entries()) {
    const key = valueKey(element);
    if (!places.has(key)) places.set(key, place);
  }
  return places;
}
