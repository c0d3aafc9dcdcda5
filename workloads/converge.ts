/**
 * Do the replicas agree once they are left alone? Clients read and write a few registers while faults go on; then all is
 * healed, every key is read once through every node, and at last the nodes themselves are asked for what they hold, until
 * all agree twice in a row or a deadline passes (Vogels, "Eventually consistent", 2009: if no new updates are made, all
 * accesses will return the last updated value). Values are unique for each key, so that a final value names its write.
 */
import { consistencyModels } from 'knossos-ts';
import type { Generator, GeneratorStep, GeneratorContext } from '../src/generators/generator.ts';
import { finalReads } from '../src/generators/final-reads.ts';
import { keyName } from '../src/generators/key-rotation.ts';
import type { OptionValues, Workload } from '../src/generators/workload.ts';
import type { OptionDefinition } from '../src/protocol/system.ts';

const options: readonly OptionDefinition[] = [
  { name: 'keys', summary: 'Keys that are written, all of them all the time.', fallback: 10, range: [1, 200] },
  {
    name: 'write-share',
    summary: 'Share of the operations that write, from 0 to 1; the others read.',
    fallback: 0.5,
    range: [0.01, 1],
    fractions: true,
  },
];

const operations = ['read', 'write'];

const keyCount = (values: OptionValues): number => Number(values['keys']);

/** The n-th write of a key writes n; `issued` is by key. */
class WritesAndReads implements Generator {
  readonly #issued: readonly number[];
  readonly #writeShare: number;

  constructor(issued: readonly number[], writeShare: number) {
    this.#issued = issued;
    this.#writeShare = writeShare;
  }

  next({ free, random }: GeneratorContext): GeneratorStep {
    const { process } = random.pick(free);
    const place = random.below(this.#issued.length);
    const key = keyName(place + 1);
    if (!random.chance(this.#writeShare))
      return { kind: 'call', process, call: { f: 'read', key, value: null }, rest: this };
    const value = (this.#issued[place] ?? 0) + 1;
    const rest = new WritesAndReads(this.#issued.with(place, value), this.#writeShare);
    return { kind: 'call', process, call: { f: 'write', key, value }, rest };
  }
}

export const converge: Workload = {
  name: 'converge',
  summary: 'Reads and writes of single keys; in the end every node is asked for what it holds, until all agree.',
  options,
  functions: (values) => (Number(values['write-share']) === 1 ? ['write'] : operations),
  decides: [
    ...consistencyModels.map((model) => ({ model, dataModel: 'cas-register', operations })),
    { model: 'eventual', dataModel: 'cas-register', operations },
  ],
  peeks: true,
  generator: ({ values }) =>
    new WritesAndReads(
      Array.from({ length: keyCount(values) }, () => 0),
      Number(values['write-share']),
    ),
  final: ({ values }) => finalReads({ newest: keyCount(values), sample: 0, repeats: 10 }),
};
