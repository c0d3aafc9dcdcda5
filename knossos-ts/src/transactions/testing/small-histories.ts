/**
 * Small histories of transactions, of which about half are strictly serializable: they are carried out one after the
 * other at a moment within their time, or beyond it, on a store that now and then shows an older state, loses a write or
 * half of a transaction, or acknowledges what it refused.
 */
import type { HistoryEvent, Value } from '../../history/operation.ts';
import { below, pick, type Random } from '../../testing/seeded.ts';

interface Cell {
  readonly version: number;
  readonly value: Value;
}

type State = { readonly [key: string]: Cell };

const keys = ['a', 'b', 'c'];
const nothing: Cell = { version: 0, value: null };

interface Draft {
  readonly f: 'txn' | 'read';
  readonly key: Value;
  readonly input: Value;
  readonly type: 'ok' | 'fail' | 'info';
  readonly output: Value;
}

/** How likely each mistake is, in one history. */
interface Mistakes {
  readonly stale: number;
  readonly torn: number;
  readonly lost: number;
  readonly aborted: number;
  readonly outOfTime: number;
  readonly twisted: number;
}

export function smallHistory(random: Random): HistoryEvent[] {
  const kinds = ['stale', 'torn', 'lost', 'aborted', 'outOfTime', 'twisted'] as const;
  const wrong = random() < 0.6 ? pick(random, kinds) : null;
  const chance = (kind: (typeof kinds)[number]): number => (kind === wrong ? 0.35 : 0);
  const mistakes = Object.fromEntries(kinds.map((kind) => [kind, chance(kind)])) as unknown as Mistakes;
  const store = new Store(random, mistakes);
  const count = 3 + below(random, 5);
  const drafts = Array.from({ length: count }, () => store.next());
  if (wrong === null && random() < 0.5) bend(drafts, random);
  return asEvents(drafts, random, random() < mistakes.outOfTime * 2);
}

/** Some transactions are said to have seen other versions than they did, also later ones. */
function bend(drafts: Draft[], random: Random): void {
  const made = drafts.flatMap(({ input }) => {
    const rows = rowsOf(input);
    return rows.flatMap(([f, key, value]) => {
      const over = rows.find(([what, of]) => what === 'c' && of === key)?.[2];
      return f === 'w' && typeof over === 'number' ? [{ key, value, version: over + 1 }] : [];
    });
  });
  for (let times = 1 + below(random, 3); times > 0 && made.length > 0; times--) {
    const place = below(random, drafts.length);
    const draft = drafts[place]!;
    const { key, value, version } = pick(random, made);
    const compares = (rows: readonly Row[]): Value =>
      rows.map(([f, of, old]): Value => {
        if (of !== key || f === 'w') return [f, of, old];
        return f === 'c' ? [f, of, version] : [f, of, old === null ? null : { value, version }];
      });
    const said = draft.output as { readonly committed?: boolean; readonly parts?: Value } | null;
    if (draft.f !== 'txn' || said?.committed === false) continue;
    const output = said === null ? null : { committed: true, parts: compares(rowsOf(said.parts ?? [])) };
    drafts[place] = { ...draft, input: compares(rowsOf(draft.input)), output };
  }
}

type Row = readonly [f: string, key: string, value: Value];

const rowsOf = (value: Value): readonly Row[] => (value ?? []) as readonly Row[];

class Store {
  readonly #random: Random;
  readonly #mistakes: Mistakes;
  readonly #states: State[] = [{}];
  #unique = 0;

  constructor(random: Random, mistakes: Mistakes) {
    this.#random = random;
    this.#mistakes = mistakes;
  }

  next(): Draft {
    const random = this.#random;
    const { stale, lost, torn, aborted, twisted } = this.#mistakes;
    const now = this.#states.at(-1)!;
    const shown = random() < stale ? pick(random, this.#states) : now;
    const at = (key: string): Cell => shown[key] ?? nothing;
    const some = keys.filter(() => random() < 0.5);
    const chosen = some.length === 0 ? [pick(random, keys)] : some;
    if (random() < 0.2) {
      const key = pick(random, keys);
      return { f: 'read', key, input: null, type: 'ok', output: at(key).value };
    }
    if (random() < 0.3) {
      const input = chosen.map((key): Value => ['r', key, null]);
      const parts = chosen.map((key): Value => ['r', key, this.#twist(at(key), twisted)]);
      return { f: 'txn', key: null, input, type: 'ok', output: { committed: true, parts } };
    }
    const guess = (key: string): number => Math.max(0, at(key).version - (random() < 0.25 ? 1 : 0));
    const compares = chosen.map((key): readonly [string, string, number] => ['c', key, guess(key)]);
    const written = chosen
      .filter(() => random() < 0.8)
      .map((key): readonly [string, string, Value] => ['w', key, this.#value()]);
    const reads = chosen.filter(() => random() < 0.3).map((key): readonly [string, string, null] => ['r', key, null]);
    const twice = written
      .filter(() => random() < 0.05)
      .map(([f, key]): readonly [string, string, Value] => [f, key, this.#value()]);
    const input: readonly Value[] = [...compares, ...reads, ...twice, ...written];
    const holds = compares.every(([, key, version]) => at(key).version === version);
    const fate = random();
    if (holds && (fate < 0.9 || random() < aborted))
      this.#apply(random() < aborted ? [...written, ...twice] : written, shown, random() < lost, random() < torn);
    if (fate > 0.75 && fate < 0.95) return { f: 'txn', key: null, input, type: 'info', output: null };
    if (fate >= 0.95) return { f: 'txn', key: null, input, type: 'fail', output: null };
    if (!holds) {
      const current = compares.map(([, key]): Value => ['c', key, at(key).version]);
      return { f: 'txn', key: null, input, type: 'ok', output: { committed: false, current } };
    }
    const parts = input.map((part): Value => {
      const [f, key] = part as readonly [string, string];
      return f === 'r' ? [f, key, this.#twist(at(key), twisted)] : part;
    });
    return { f: 'txn', key: null, input, type: 'ok', output: { committed: true, parts } };
  }

  /** Mostly fresh. Seldom one that was there before, so that it is not clear who wrote it. */
  #value(): Value {
    return this.#random() < 0.04 ? 1 : ++this.#unique;
  }

  #twist(cell: Cell, twisted: number): Value {
    const wrong = this.#random() < twisted;
    const seen = wrong && this.#random() < 0.5 ? { ...cell, version: cell.version + 1 } : cell;
    const value = wrong && this.#random() < 0.3 ? 99 : seen.value;
    return { value, version: seen.version };
  }

  #apply(written: readonly (readonly [string, string, Value])[], shown: State, isLost: boolean, isTorn: boolean): void {
    const now = this.#states.at(-1)!;
    const part = isTorn ? written.slice(1) : isLost ? [] : written;
    const changed = part.map(([, key, value]) => [key, { version: (shown[key]?.version ?? 0) + 1, value }] as const);
    this.#states.push({ ...now, ...Object.fromEntries(changed) });
  }
}

/** Some overlap their neighbours. Out of time: the order of events is another than that in which they took effect. */
function asEvents(drafts: readonly Draft[], random: Random, isMixed: boolean): HistoryEvent[] {
  const order = drafts.map((draft, place) => {
    const at = isMixed ? random() * drafts.length : place;
    return { draft, from: at - random() * 1.2, to: at + random() * 1.2 };
  });
  const processes = 3;
  const busy: number[] = Array.from({ length: processes }, () => -Infinity);
  const retired = new Set<number>();
  let fresh = processes;
  const moments: { readonly at: number; readonly event: Omit<HistoryEvent, 'index' | 'time'> }[] = [];
  for (const { draft, from, to } of order.toSorted((one, other) => one.from - other.from)) {
    const free = [...busy.keys()].filter((process) => busy[process]! < from && !retired.has(process));
    const process = free.length === 0 ? fresh++ : pick(random, free);
    busy[process] = to;
    if (draft.type === 'info') retired.add(process);
    const { f, key, input, output, type } = draft;
    moments.push({ at: from, event: { process, type: 'invoke', f, key, value: input } });
    moments.push({ at: to, event: { process, type, f, key, value: type === 'ok' ? output : input } });
  }
  return moments
    .toSorted((one, other) => one.at - other.at)
    .map(({ event }, index) => ({ ...event, index, time: index * 1e6 }));
}
