/**
 * Who saw whose write. Every write names the version that it replaces, in the same transaction, so that the order of the
 * versions of a key is known without guessing: what Elle (Kingsbury & Alvaro, VLDB 2020) infers from lists is told here.
 * Values are unique for each key in a history that can be decided; a version number says which of two it was else.
 *
 * A transaction of unknown outcome counts if and only if somebody saw one of its writes, and then wholly.
 */
import type { Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import type { Observation, Transaction, Write } from './transaction.ts';

/** A version of a key: what a write made; `maker` is -1 for what was there before all. */
export interface Version {
  readonly key: ValueKey;
  readonly value: Value;
  readonly maker: number;
  /** Null where its write does not say which version it replaced. */
  readonly number: number | null;
  /** Who surely replaced it. Two are one too many. */
  readonly replacedBy: number[];
}

export interface Sources {
  readonly transactions: readonly Transaction[];
  /** 1 for those that surely happened, whether they were acknowledged or seen. */
  readonly happened: Uint8Array;
  /** By transaction: the versions that it saw, with the places of its observations. */
  readonly seen: readonly (readonly Sight[])[];
  /** Observations that nothing explains, each with its transaction. */
  readonly unexplained: readonly Unexplained[];
  /** Whether something was observed that several writes may have made, or a write names no version. */
  readonly doubts: readonly string[];
  readonly index: VersionIndex;
}

export interface Sight {
  readonly observation: Observation;
  readonly version: Version;
}

export interface Unexplained {
  readonly transaction: number;
  readonly observation: Observation;
}

/** The versions that there may be, by key and value, and by key and number. */
export class VersionIndex {
  readonly #byValue: Places = new Map();
  readonly #byNumber: Places = new Map();
  /** By key: those whose number nobody knows. */
  readonly #unnumbered = new Map<ValueKey, Version[]>();
  readonly #initial = new Map<ValueKey, Version>();
  readonly #value: Value;

  /** `initial`: what every key holds before its first write. */
  constructor(transactions: readonly Transaction[], initial: Value) {
    this.#value = initial;
    for (const [maker, { writes, observed }] of transactions.entries()) {
      for (const { key, value } of writes) {
        const over = observed.find((one) => one.key === key)?.version;
        const number = over === undefined ? null : over + 1;
        const version = { key, value, maker, number, replacedBy: [] };
        put(this.#byValue, key, valueKey(value), version);
        if (number !== null) put(this.#byNumber, key, number, version);
        else this.#unnumbered.set(key, [...(this.#unnumbered.get(key) ?? []), version]);
      }
    }
  }

  initial(key: ValueKey): Version {
    const known = this.#initial.get(key);
    if (known !== undefined) return known;
    const version = { key, value: this.#value, maker: -1, number: 0, replacedBy: [] };
    this.#initial.set(key, version);
    return version;
  }

  /** What the observer may have seen; never its own write, since it saw what was there before. */
  candidates({ key, value, version }: Observation, observer: number): readonly Version[] {
    const found =
      value === undefined
        ? [...(this.#byNumber.get(key)?.get(version ?? -1) ?? []), ...(this.#unnumbered.get(key) ?? [])]
        : (this.#byValue.get(key)?.get(valueKey(value)) ?? []);
    const fitting = found.filter(
      ({ maker, number }) => maker !== observer && (version === undefined || number === null || number === version),
    );
    const isInitial = (version ?? 0) === 0 && (value === undefined || valueKey(value) === valueKey(this.#value));
    return isInitial ? [this.initial(key), ...fitting] : fitting;
  }

  /** The writes of this value, whatever their version. */
  writesOf({ key, value }: Write): readonly Version[] {
    return this.#byValue.get(key)?.get(valueKey(value)) ?? [];
  }
}

/** By key, and then by what it holds or by its number. */
type Places = Map<ValueKey, Map<ValueKey, Version[]>>;

function put(places: Places, key: ValueKey, what: ValueKey, version: Version): void {
  const ofKey = places.get(key) ?? new Map<ValueKey, Version[]>();
  places.set(key, ofKey);
  const known = ofKey.get(what);
  if (known === undefined) ofKey.set(what, [version]);
  else known.push(version);
}

export const sourcesOf = (transactions: readonly Transaction[], initial: Value): Sources =>
  new Tracing(transactions, initial).trace();

/** Each open observation is looked at again only when what it waits for may have happened. */
class Tracing {
  readonly #transactions: readonly Transaction[];
  readonly #index: VersionIndex;
  readonly #happened: Uint8Array;
  readonly #seen: Sight[][];
  readonly #unexplained: Unexplained[] = [];
  readonly #doubts: string[] = [];
  /** Happened, and not looked at yet. */
  readonly #queue: number[] = [];
  #unclear: { readonly transaction: number; readonly observation: Observation; readonly among: readonly Version[] }[] =
    [];

  constructor(transactions: readonly Transaction[], initial: Value) {
    this.#transactions = transactions;
    this.#index = new VersionIndex(transactions, initial);
    this.#happened = new Uint8Array(transactions.length);
    this.#seen = transactions.map(() => []);
  }

  trace(): Sources {
    for (const [number, { open, operation }] of this.#transactions.entries())
      if (!open && operation.type === 'ok') this.#happens(number);
    do this.#drain();
    while (this.#clear());
    for (const { observation } of this.#unclear) this.#doubts.push(severalWrites(observation));
    this.#replacements();
    return {
      transactions: this.#transactions,
      happened: this.#happened,
      seen: this.#seen,
      unexplained: this.#unexplained,
      doubts: this.#doubts,
      index: this.#index,
    };
  }

  #happens(number: number): void {
    if (number < 0 || this.#happened[number] === 1) return;
    this.#happened[number] = 1;
    this.#queue.push(number);
  }

  #drain(): void {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      const transaction = this.#transactions[next]!;
      if (transaction.silence !== undefined) this.#doubts.push(transaction.silence);
      for (const observation of transaction.observed) this.#look(next, observation);
    }
  }

  #look(transaction: number, observation: Observation): void {
    const among = this.#index.candidates(observation, transaction);
    const [only] = among;
    if (only === undefined) this.#unexplained.push({ transaction, observation });
    else if (among.length === 1) this.#sees(transaction, observation, only);
    else this.#unclear.push({ transaction, observation, among });
  }

  #sees(transaction: number, observation: Observation, version: Version): void {
    this.#seen[transaction]!.push({ observation, version });
    this.#happens(version.maker);
  }

  /**
   * Of several writes that may have made one numbered version, one that surely happened is the one: if another had
   * made it, two would have replaced the same version, and nothing could explain the history.
   */
  #clear(): boolean {
    const left = this.#unclear;
    this.#unclear = [];
    for (const one of left) {
      const { version } = one.observation;
      const sure = one.among.find(
        ({ maker, number }) =>
          version !== undefined && number === version && (maker < 0 || this.#happened[maker] === 1),
      );
      if (sure === undefined) this.#unclear.push(one);
      else this.#sees(one.transaction, one.observation, sure);
    }
    return this.#unclear.length < left.length;
  }

  #replacements(): void {
    for (const [number, { writes }] of this.#transactions.entries()) {
      if (this.#happened[number] === 0) continue;
      for (const { key } of writes) {
        const sight = this.#seen[number]!.find(({ observation }) => observation.key === key);
        if (sight !== undefined) sight.version.replacedBy.push(number);
        else if (!this.#transactions[number]!.observed.some((one) => one.key === key))
          this.#doubts.push('a transaction writes a key without naming the version that it replaces');
      }
    }
  }
}

const severalWrites = ({ value, version }: Observation): string =>
  `several writes may have made ${value === undefined ? `version ${version}` : 'a value'} that was observed`;
