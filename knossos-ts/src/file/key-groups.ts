/**
 * Which keys of a history must stay together, how much each such group takes, and in which order they began. Keys that
 * one operation ties together are judged together.
 */
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import type { Model } from '../models/model.ts';
import { partsOf, Ties } from '../models/parts.ts';

export interface Group {
  /** In which temporary file its events are. */
  readonly bucket: number;
  /** Bytes of its events there. */
  length: number;
  operations: number;
  /** The index of its first event. */
  readonly first: number;
  readonly key: Value;
}

export class KeyGroups {
  readonly #model: Model<unknown>;
  readonly #buckets: number;
  readonly #ties = new Ties();
  readonly #groups = new Map<ValueKey, Group>();
  /** Whether some operation ties several keys together. */
  hasTies = false;

  /** `buckets`: over so many files the groups are spread, in turn. */
  constructor(model: Model<unknown>, buckets: number) {
    this.#model = model;
    this.#buckets = buckets;
  }

  /** By their first event. */
  get all(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** The group of an invocation; made when it is the first of its key. */
  of(event: HistoryEvent): Group {
    const name = this.#nameOf(event);
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const bucket = this.#groups.size % this.#buckets;
    const group: Group = { bucket, length: 0, operations: 0, first: event.index, key: event.key };
    this.#groups.set(name, group);
    return group;
  }

  /** Only takes down which keys belong together. */
  tie(event: HistoryEvent): void {
    if (this.#model.partsOf === undefined || event.type !== 'invoke') return;
    const parts = partsOf(this.#model, asOperation(event));
    if (parts.length < 2) return;
    this.hasTies = true;
    this.#ties.tie(parts);
  }

  /** Forgets everything but what belongs together. */
  clear(): void {
    this.#groups.clear();
  }

  #nameOf(event: HistoryEvent): ValueKey {
    if (this.#model.partsOf === undefined) return valueKey(event.key);
    const [key = null] = partsOf(this.#model, asOperation(event));
    return this.hasTies ? this.#ties.rootOf(valueKey(key)) : valueKey(key);
  }
}

/** As far as it is known at its invocation. */
const asOperation = ({ index, time, process, f, key, value }: HistoryEvent): Operation => ({
  id: index,
  process: Number(process),
  f,
  key,
  input: value,
  type: 'info',
  output: null,
  called: index,
  returned: Infinity,
  invokedAt: time,
  completedAt: Infinity,
});
