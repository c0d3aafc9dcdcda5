/** What the random histories of each model do, with few values, so that they collide. */
import type { Value } from '../history/operation.ts';
import type { ModelName } from '../models/catalogue.ts';
import { below, pick, type Random } from './seeded.ts';

/** A call, and everything that it might see. */
export interface Act {
  readonly f: string;
  readonly key?: Value;
  readonly input: Value;
  readonly outputs: readonly Value[];
}

export interface Repertoire {
  readonly initial: Value;
  readonly acts: () => Act;
}

const silent: readonly Value[] = [null];

function registerActs(random: Random, functions: readonly string[], values: readonly Value[]): () => Act {
  const seen = (shape: (current: Value) => Value): Value[] => values.map(shape);
  return () => {
    const f = pick(random, functions);
    const [input, from] = [pick(random, values), pick(random, values)];
    if (f === 'read') return { f, input: null, outputs: values };
    if (f === 'cas') {
      const outputs = [{ swapped: true }, { swapped: false }, ...seen((current) => ({ swapped: false, current }))];
      return { f, input: [from, input], outputs };
    }
    if (f === 'insert') {
      const outputs = [
        { inserted: true },
        { inserted: false },
        ...seen((current) => ({ inserted: false, current })).filter((_, at) => values[at] !== null),
      ];
      return { f, input: input ?? 7, outputs };
    }
    return { f, input: f === 'delete' ? null : input, outputs: silent };
  };
}

const few: readonly Value[] = [null, 0, 1, 2];

const register = (random: Random, functions: readonly string[]): Repertoire => ({
  initial: pick(random, [null, null, 0]),
  acts: registerActs(random, functions, few.slice(0, 2 + below(random, 3))),
});

/** Every list of some of the values, each at most once, in every order or only in theirs. */
function lists(values: readonly Value[], ordered: boolean): Value[][] {
  const all: Value[][] = [[]];
  for (const list of all) {
    for (const [place, value] of values.entries()) {
      if (list.includes(value) || (ordered && values.slice(place).some((later) => list.includes(later)))) continue;
      all.push([...list, value]);
    }
  }
  return all;
}

function queue(random: Random): Repertoire {
  const values = [1, 2, 3].slice(0, 1 + below(random, 3));
  let fresh = 10;
  const unique = random() < 0.5;
  const made: Value[] = [];
  return {
    initial: pick(random, [null, null, [1], [2, 1]]),
    acts: () => {
      if (random() < 0.5)
        return { f: 'dequeue', input: null, outputs: unique ? [...made, null, 1, 2] : [...values, null] };
      const input = unique ? fresh++ : pick(random, values);
      made.push(input);
      return { f: 'enqueue', input, outputs: silent };
    },
  };
}

function set(random: Random): Repertoire {
  const values = [1, 2, 3, 'x'].slice(0, 1 + below(random, 4));
  const functions = pick(random, [
    ['add', 'read'],
    ['add', 'add', 'read', 'contains'],
    ['add', 'remove', 'contains'],
    ['add', 'remove', 'read', 'contains'],
  ]);
  const talks = random() < 0.3;
  return {
    initial: pick(random, [null, null, [1]]),
    acts: () => {
      const f = pick(random, functions);
      const input = pick(random, values);
      if (f === 'read') return { f, input: null, outputs: [null, ...lists(values, true)] };
      if (f === 'contains') return { f, input, outputs: [true, false] };
      return { f, input, outputs: talks ? [null, true, false] : silent };
    },
  };
}

function counter(random: Random): Repertoire {
  const amounts = pick<readonly Value[]>(random, [[1], [null, 2], [1, 2], [1, -1, 0]]);
  const counts = Array.from({ length: 9 }, (_, at) => at - 2);
  const talks = random() < 0.3;
  return {
    initial: pick(random, [null, 2]),
    acts: () =>
      random() < 0.4
        ? { f: 'read', input: null, outputs: counts }
        : { f: 'add', input: pick(random, amounts), outputs: talks ? [null, ...counts] : silent },
  };
}

function mutex(random: Random): Repertoire {
  const talks = random() < 0.5;
  return {
    initial: pick(random, [null, 'held']),
    acts: () =>
      random() < 0.55
        ? { f: 'acquire', input: null, outputs: talks ? [null, true, false, false] : silent }
        : { f: 'release', input: null, outputs: silent },
  };
}

function appendString(random: Random): Repertoire {
  const pieces = ['a', 'b', 'c'].slice(0, 1 + below(random, 3));
  const texts = ['', ...pieces, ...pieces.flatMap((one) => pieces.map((other) => one + other)), 'aba', 'abc'];
  return {
    initial: pick(random, [null, 'a']),
    acts: () => {
      const f = pick(random, ['get', 'get', 'append', 'append', 'put']);
      return f === 'get'
        ? { f, input: null, outputs: [null, ...texts] }
        : { f, input: pick(random, pieces), outputs: silent };
    },
  };
}

const keys: readonly Value[] = ['x', 'y', 3];

function keyValue(random: Random): Repertoire {
  const values = few.slice(0, 3);
  const some = keys.slice(0, 1 + below(random, 3));
  const single = registerActs(random, ['read', 'write', 'cas', 'insert', 'delete'], values);
  const withTxn = random() < 0.7;
  return {
    initial: pick<Value>(random, [null, 0, { x: 0 }]),
    acts: () => {
      if (!withTxn || random() < 0.5) return { ...single(), key: pick(random, some) };
      const micros = Array.from({ length: 1 + below(random, 2) }, () =>
        random() < 0.5 ? ['r', pick(random, some), null] : ['w', pick(random, some), pick(random, values)],
      );
      return { f: 'txn', key: null, input: micros, outputs: filled(micros, values) };
    },
  };
}

/** The transaction with everything that its reads might see. */
function filled(micros: readonly (readonly Value[])[], seen: readonly Value[]): Value[] {
  let all: Value[][] = [[]];
  for (const micro of micros) {
    const forms = micro[0] === 'r' ? seen.map((value): Value => ['r', micro[1] ?? null, value]) : [micro as Value];
    all = all.flatMap((done) => forms.map((form) => [...done, form]));
  }
  return all;
}

function listAppend(random: Random): Repertoire {
  const values = [1, 2, 3].slice(0, 1 + below(random, 3));
  const seen: Value[] = [null, ...lists(values, false), [1, 1]];
  const some = keys.slice(0, 1 + below(random, 2));
  const withTxn = random() < 0.5;
  const unique = random() < 0.5;
  let left = [...values];
  const next = (): Value => {
    if (!unique) return pick(random, values);
    const [value = 9, ...others] = left;
    left = others;
    return value;
  };
  return {
    initial: pick<Value>(random, [null, null, [1]]),
    acts: () => {
      const key = pick(random, some);
      if (!withTxn || random() < 0.5) {
        if (random() < 0.5) return { f: 'read', key, input: null, outputs: seen };
        return { f: 'append', key, input: next(), outputs: silent };
      }
      const micros = Array.from({ length: 1 + below(random, 2) }, () =>
        random() < 0.5 ? ['r', pick(random, some), null] : ['append', pick(random, some), next()],
      );
      return { f: 'txn', key: null, input: micros, outputs: filled(micros, seen.slice(0, 8)) };
    },
  };
}

/** Each draws values that fit a history, and then calls. */
export const repertoires: { readonly [name in ModelName]: (random: Random) => Repertoire } = {
  register: (random) => register(random, ['write', 'read', 'read', 'delete']),
  'cas-register': (random) => register(random, ['write', 'read', 'read', 'cas', 'cas', 'delete']),
  'put-if-absent': (random) => register(random, ['read', 'insert', 'insert', 'delete', 'write']),
  'key-value': keyValue,
  set,
  'fifo-queue': queue,
  'unordered-queue': queue,
  counter,
  mutex,
  'append-string': appendString,
  'list-append': listAppend,
};
