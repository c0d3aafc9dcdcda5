/**
 * The PUT of the course notes (section 13, 3.1): an insert adds a pair if there is none with its key, and fails if there
 * is one with another value. Whoever comes first wins, as with locks and unique names, so that several clients want
 * each key: of a store that keeps its promise all are told the same winner, and every reader sees it, for ever. Values
 * are unique for each key, so that whoever is told one knows whose it is.
 */
import { finalReads } from '../src/generators/final-reads.ts';
import type { Generator, GeneratorContext, GeneratorStep } from '../src/generators/generator.ts';
import { KeyRotation } from '../src/generators/key-rotation.ts';
import type { OptionValues, Workload } from '../src/generators/workload.ts';
import type { OptionDefinition } from '../src/protocol/system.ts';
import { readersFor } from './register.ts';

const options: readonly OptionDefinition[] = [
  { name: 'keys', summary: 'Keys that are in use at once.', fallback: 5, range: [1, 1000] },
  {
    name: 'operations-per-key',
    summary: 'Operations after which a fresh key takes the place of one. The first inserts of a key matter most.',
    fallback: 30,
    range: [2, 100_000],
  },
  {
    name: 'read',
    summary:
      'Share of read among the operations, against insert; reserved readers come on top. 0: only the final reads.',
    fallback: 25,
    range: [0, 1000],
    shareOf: 'read',
  },
  {
    name: 'insert',
    summary: 'Share of insert among the operations, against read.',
    fallback: 75,
    range: [1, 1000],
  },
  {
    name: 'hot-key-share',
    summary: 'Share of the operations that go to one of the keys, from 0 to 1, besides its equal part of the rest.',
    fallback: 0.5,
    range: [0, 1],
    fractions: true,
  },
];

const number = (values: OptionValues, name: string): number => Number(values[name]);

interface Settings {
  /** From 0 to 1. */
  readonly readShare: number;
  readonly readers: number;
  readonly hotShare: number;
}

/** Of a key it knows the last value that was issued; they are 1, 2, ... */
class InsertCalls implements Generator {
  readonly #settings: Settings;
  readonly #keys: KeyRotation<number>;

  constructor(settings: Settings, keys: KeyRotation<number>) {
    this.#settings = settings;
    this.#keys = keys;
  }

  next({ free, random }: GeneratorContext): GeneratorStep {
    const { readShare, readers, hotShare } = this.#settings;
    const { index, process } = random.pick(free);
    const { key, state: issued } = this.#keys.draw(random, hotShare);
    const reads = index < readers || random.chance(readShare);
    const value = issued + 1;
    const call = reads ? { f: 'read', key, value: null } : { f: 'insert', key, value };
    const rest = new InsertCalls(this.#settings, this.#keys.use(key, reads ? issued : value));
    return { kind: 'call', process, call, rest };
  }
}

export const insert: Workload = {
  name: 'insert',
  summary: 'Inserts of single keys, which only the first one of a key gets, and reads of who it was.',
  options,
  functions: () => ['read', 'insert'],
  decides: [{ model: 'linearizable', dataModel: 'put-if-absent', operations: ['read', 'insert'] }],
  generator(plan) {
    const { values } = plan;
    const [read, inserts] = [number(values, 'read'), number(values, 'insert')];
    const settings = {
      readShare: read / (read + inserts),
      readers: read === 0 ? 0 : readersFor(plan),
      hotShare: number(values, 'hot-key-share'),
    };
    return new InsertCalls(settings, KeyRotation.of(number(values, 'keys'), number(values, 'operations-per-key'), 0));
  },
  final({ values }) {
    const keys = number(values, 'keys');
    return finalReads({ newest: 2 * keys, sample: keys, repeats: 10 });
  },
};
