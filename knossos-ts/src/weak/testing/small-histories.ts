/**
 * Random small histories of registers and lists, with cas, operations of unknown outcome and failed ones. Half of them
 * come from replicas that apply each other's writes late, in any order, and mostly keep what they were told; in the
 * other half an observation is anything that was ever written, so that every kind of violation comes up.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue } from '../../history/value.ts';
import { observedValue } from '../../models/register-values.ts';
import { below, type Random } from '../../testing/seeded.ts';

export interface Shape {
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  readonly cas: boolean;
  readonly info: boolean;
}

export function randomShape(random: Random): Shape {
  // Two processes on three keys: what follows from what has followed takes that much.
  if (random() < 0.3) return { operations: 6 + below(random, 4), processes: 2, keys: 3, cas: false, info: false };
  return {
    operations: 3 + below(random, 6),
    processes: 2 + below(random, 2),
    keys: 1 + below(random, 2),
    cas: random() < 0.4,
    info: random() < 0.4,
  };
}

interface Draft {
  readonly process: number;
  readonly f: string;
  readonly key: string;
  readonly type: Operation['type'];
  readonly value: number;
}

export function smallRegisters(random: Random): Operation[] {
  const shape = randomShape(random);
  const drafts = draftsOf(random, shape, 'write');
  const written = new Map<string, number[]>();
  for (const { key, value, f } of drafts) if (f !== 'read') written.set(key, [...(written.get(key) ?? [0]), value]);
  const replicas = new Replicas(shape.processes, random);
  const isWild = random() < 0.5;
  const observe = ({ process, key }: Draft): number => {
    // 99 was never written.
    if (random() < 0.005) return 99;
    const all = written.get(key) ?? [0];
    return isWild || random() < 0.1 ? (all[below(random, all.length)] as number) : replicas.read(process, key);
  };
  return drafts.map((draft, number) => {
    const { process, f, key, type, value } = draft;
    const seen = observe(draft);
    if (f !== 'read' && type !== 'fail') replicas.write(process, key, value);
    const swaps = random() < 0.8;
    const from = swaps ? seen : (written.get(key)?.[0] ?? 0);
    const isContradiction = random() < 0.03;
    const refused = from === seen && !isContradiction ? { swapped: true } : { swapped: false, current: seen };
    const output: Value = f === 'read' ? seen : f === 'write' ? null : refused;
    return operation(
      number,
      draft,
      f === 'read' ? null : f === 'write' ? value : [from, value],
      type === 'ok' ? output : null,
    );
  });
}

/** Some cas were refused without a word about the value that they met: each says of one value that it was not there. */
export function smallAbsences(random: Random): Operation[] {
  const history = smallRegisters(random);
  const isObserved = ({ key, input }: Operation): boolean =>
    history.some((other) => other.key === key && sameValue(observedValue(other) ?? null, attempted(input)));
  return history.map((one) => {
    const isCas = one.f === 'cas' && one.type === 'ok';
    if (!isCas && (one.f !== 'write' || isObserved(one) || random() < 0.5)) return one;
    if (isCas && (isObserved(one) || random() < 0.3)) return one;
    const from = random() < 0.3 ? 0 : (attempted((history[below(random, history.length)] as Operation).input) ?? 0);
    const type = one.type === 'ok' ? 'ok' : one.type;
    return {
      ...one,
      f: 'cas',
      input: [from, attempted(one.input)],
      type,
      output: type === 'ok' ? { swapped: false } : null,
    };
  });
}

/** What a write or a cas was to leave behind. */
const attempted = (input: Value): Value => (isList(input) ? (input[1] ?? null) : input);

export function smallLists(random: Random): Operation[] {
  const shape = randomShape(random);
  const drafts = draftsOf(random, { ...shape, cas: false }, 'append');
  const appended = new Map<string, number[]>();
  for (const { key, value, f } of drafts) if (f !== 'read') appended.set(key, [...(appended.get(key) ?? []), value]);
  const lists = new Lists(shape.processes, random);
  const isWild = random() < 0.4;
  return drafts.map((draft, number) => {
    const { process, f, key, type, value } = draft;
    const wild = (appended.get(key) ?? []).toSorted(() => random() - 0.5);
    const shown = isWild ? wild.slice(0, below(random, wild.length + 1)) : lists.read(process, key);
    const seen = random() < 0.005 ? [...shown, ...shown.slice(0, 1)] : shown;
    if (f !== 'read' && type !== 'fail') lists.append(process, key, value);
    return operation(number, draft, f === 'read' ? null : value, f === 'read' && type === 'ok' ? seen : null);
  });
}

/** Each process acts on its own replica; an info retires the process. Values are numbers from 1, each used once. */
function draftsOf(random: Random, { operations, processes, keys, cas, info }: Shape, mutator: string): Draft[] {
  const names = Array.from({ length: processes }, (_, process) => process);
  return Array.from({ length: operations }, (_, number) => {
    const slot = below(random, processes);
    const process = names[slot] as number;
    const isRead = random() < 0.5;
    const f = isRead ? 'read' : cas && random() < 0.5 ? 'cas' : mutator;
    const isUnsure = info && !isRead && random() < 0.3;
    const type = isUnsure ? 'info' : info && random() < 0.05 ? 'fail' : 'ok';
    if (isUnsure) names[slot] = process + processes;
    return { process, f, key: `k${below(random, keys)}`, type, value: number + 1 };
  });
}

const operation = (number: number, { process, f, key, type }: Draft, input: Value, output: Value): Operation => ({
  id: 2 * number,
  process,
  f,
  key,
  input,
  type,
  output,
  called: 2 * number,
  returned: type === 'info' ? Infinity : 2 * number + 1,
  invokedAt: 2 * number,
  completedAt: 2 * number + 1,
});

class Replicas {
  readonly #random: Random;
  readonly #values: Map<string, number>[];
  #inFlight: { to: number; key: string; value: number }[] = [];

  constructor(processes: number, random: Random) {
    this.#random = random;
    this.#values = Array.from({ length: processes }, () => new Map());
  }

  write(process: number, key: string, value: number): void {
    const own = process % this.#values.length;
    this.#values.forEach((values, to) => {
      if (to === own) values.set(key, value);
      else this.#inFlight.push({ to, key, value });
    });
  }

  read(process: number, key: string): number {
    const own = process % this.#values.length;
    this.#inFlight = this.#inFlight.filter(({ to, key: of, value }) => {
      if (to !== own || this.#random() < 0.5) return true;
      this.#values[to]?.set(of, value);
      return false;
    });
    return this.#values[own]?.get(key) ?? 0;
  }
}

class Lists {
  readonly #random: Random;
  readonly #values: Map<string, number[]>[];
  #inFlight: { to: number; key: string; value: number }[] = [];

  constructor(processes: number, random: Random) {
    this.#random = random;
    this.#values = Array.from({ length: processes }, () => new Map());
  }

  append(process: number, key: string, value: number): void {
    const own = process % this.#values.length;
    this.#values.forEach((_, to) => {
      if (to === own) this.#put(to, key, value);
      else this.#inFlight.push({ to, key, value });
    });
  }

  read(process: number, key: string): number[] {
    const own = process % this.#values.length;
    this.#inFlight = this.#inFlight.filter(({ to, key: of, value }) => {
      if (to !== own || this.#random() < 0.5) return true;
      this.#put(to, of, value);
      return false;
    });
    return [...(this.#values[own]?.get(key) ?? [])];
  }

  /** Some replicas sort what arrives, and so converge. */
  #put(to: number, key: string, value: number): void {
    const list = [...(this.#values[to]?.get(key) ?? []), value];
    this.#values[to]?.set(key, this.#random() < 0.5 ? list.toSorted((one, other) => one - other) : list);
  }
}
