/**
 * One register per key: read, write, and cas. It is Maelstrom's lin-kv (maelstrom.workload.lin-kv) with values that
 * are unique for each key, so that a read names the write that it saw. A cas takes `from` from what the key was last
 * seen to hold, or it would hardly ever swap; one in five is wrong on purpose.
 */
import { consistencyModels } from 'knossos-ts';
import { UsageError } from '../src/core/errors.ts';
import type { Json } from '../src/core/json.ts';
import type { Random } from '../src/core/random.ts';
import { finalReads } from '../src/generators/final-reads.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from '../src/generators/generator.ts';
import { KeyRotation } from '../src/generators/key-rotation.ts';
import type { OptionValues, Workload, WorkloadPlan } from '../src/generators/workload.ts';
import type { Call } from '../src/protocol/client.ts';
import type { OptionDefinition } from '../src/protocol/system.ts';

const share = (f: string, fallback: number, more = ''): OptionDefinition => ({
  name: f,
  summary: `Share of ${f} among the operations, against the other two${more}.`,
  fallback,
  range: [0, 1000],
  shareOf: f,
});

const options: readonly OptionDefinition[] = [
  { name: 'keys', summary: 'Keys that are in use at once.', fallback: 5, range: [1, 1000] },
  {
    name: 'operations-per-key',
    summary: 'Operations after which a fresh key takes the place of one. More make checking slower.',
    fallback: 200,
    range: [2, 100_000],
  },
  share('read', 50, '; reserved readers come on top. 0: only the final reads'),
  share('write', 25),
  share('cas', 25),
  {
    name: 'hot-key-share',
    summary: 'Share of the operations that go to one of the keys, from 0 to 1, besides its equal part of the rest.',
    fallback: 0,
    range: [0, 1],
    fractions: true,
  },
];

interface Shares {
  readonly read: number;
  readonly write: number;
  readonly cas: number;
}

const number = (values: OptionValues, name: string): number => Number(values[name]);

const sharesOf = (values: OptionValues): Shares => ({
  read: number(values, 'read'),
  write: number(values, 'write'),
  cas: number(values, 'cas'),
});

/**
 * How many threads only read. With two threads for each node or more it is one for each node, so that a node that
 * answers from an old state is caught even while writers there wait. With fewer it is what is left when each node has
 * one thread that does everything; with no more threads than nodes, none.
 */
export const readersFor = ({ concurrency, nodeCount }: Pick<WorkloadPlan, 'concurrency' | 'nodeCount'>): number =>
  Math.min(nodeCount, Math.max(0, concurrency - nodeCount));

/** What the generator knows of a key. */
interface Register {
  /** The last value that was issued; they are 1, 2, ... */
  readonly issued: number;
  /** What the key was last seen to hold; null before. */
  readonly seen: number | null;
}

const unwritten: Register = { issued: 0, seen: null };

interface Settings {
  readonly shares: Shares;
  readonly readers: number;
  readonly hotShare: number;
}

/** Readers and the others share the keys and their budgets, which is why this is one generator and no `reserve`. */
class RegisterCalls implements Generator {
  readonly #settings: Settings;
  readonly #keys: KeyRotation<Register>;

  constructor(settings: Settings, keys: KeyRotation<Register>) {
    this.#settings = settings;
    this.#keys = keys;
  }

  next({ free, random }: GeneratorContext): GeneratorStep {
    const { shares, readers, hotShare } = this.#settings;
    const thread = random.pick(free);
    const { key, state } = this.#keys.draw(random, hotShare);
    const f = thread.index < readers ? 'read' : drawFunction(shares, random);
    const { call, state: next } = callOf(f, key, state, random);
    const rest = new RegisterCalls(this.#settings, this.#keys.use(key, next));
    return { kind: 'call', process: thread.process, call, rest };
  }

  update(event: GeneratorEvent): Generator {
    if (event.kind !== 'complete' || event.outcome.type !== 'ok') return this;
    const seen = seenIn(event.call, event.outcome.value);
    if (seen === null) return this;
    const keys = this.#keys.learn(event.call.key, (state) => (state.seen === seen ? state : { ...state, seen }));
    return keys === this.#keys ? this : new RegisterCalls(this.#settings, keys);
  }
}

function drawFunction({ read, write, cas }: Shares, random: Random): 'read' | 'write' | 'cas' {
  const drawn = random.unit() * (read + write + cas);
  return drawn < read ? 'read' : drawn < read + write ? 'write' : 'cas';
}

function callOf(
  f: 'read' | 'write' | 'cas',
  key: string,
  state: Register,
  random: Random,
): { call: Call; state: Register } {
  if (f === 'read') return { call: { f, key, value: null }, state };
  const value = state.issued + 1;
  const next = { ...state, issued: value };
  // Before anybody has seen a value of the key there is nothing to swap, so a write takes the turn of the cas.
  if (f === 'write' || state.seen === null) return { call: { f: 'write', key, value }, state: next };
  const from = random.chance(0.2) ? wrong(state, state.seen, random) : state.seen;
  return { call: { f, key, value: [from, value] }, state: next };
}

/** An older value, one that is just being written, or 0, which no key ever holds. */
function wrong({ issued }: Register, seen: number, random: Random): number {
  const other = random.below(issued + 1);
  return other === seen ? 0 : other;
}

/** What an operation that succeeded says about the state of its key; null where it says nothing. */
function seenIn({ f, value: input }: Call, output: Json): number | null {
  if (f === 'write') return input as number;
  if (f === 'read') return output as number | null;
  const { swapped, current } = output as { readonly swapped: boolean; readonly current?: number | null };
  return swapped ? (input as readonly [number, number])[1] : (current ?? null);
}

export const register: Workload = {
  name: 'register',
  summary: 'Reads, writes and compare-and-sets of single keys, which take turns.',
  options,
  functions: (values) => ['read', ...(['write', 'cas'] as const).filter((f) => sharesOf(values)[f] > 0)],
  check(values) {
    const { read, write, cas } = sharesOf(values);
    if (read + write + cas === 0)
      throw new UsageError(
        'The shares of read, write and cas are all 0, so there is nothing to do: raise one of them.',
      );
    if (cas > 0 && write === 0)
      throw new UsageError('A cas has nothing to swap unless something was written: give write a share above 0.');
  },
  decides: consistencyModels.map((model) => ({
    model,
    dataModel: 'cas-register',
    operations: ['read', 'write', 'cas'],
  })),
  generator(plan) {
    const { values } = plan;
    const shares = sharesOf(values);
    const settings = {
      shares,
      readers: shares.read === 0 ? 0 : readersFor(plan),
      hotShare: number(values, 'hot-key-share'),
    };
    const keys = KeyRotation.of(number(values, 'keys'), number(values, 'operations-per-key'), unwritten);
    return new RegisterCalls(settings, keys);
  },
  final({ values }) {
    const keys = number(values, 'keys');
    return finalReads({ newest: 2 * keys, sample: keys, repeats: 10 });
  },
};
