/**
 * The bank of the course notes (section 13: Alice pays Bob), in the manner of Jepsen's: transfers between accounts, each
 * one transaction that compares the versions of both accounts and writes both balances, and reads of one account or of
 * all. So every write names the version that it replaces, and whether the whole is strictly serializable is one search
 * for circles (Kingsbury & Alvaro, "Elle", VLDB 2020). The total never changes, which is for people: a history can be
 * wrong with the right total. Balances carry ids, so that no two writes look alike.
 */
import { type Operation, transactionModels } from 'knossos-ts';
import { type ProcessId, noKey } from '../src/core/ids.ts';
import type { Json } from '../src/core/json.ts';
import type { Random } from '../src/core/random.ts';
import { readEverywhere } from '../src/generators/final-reads.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from '../src/generators/generator.ts';
import type { OptionValues, Workload } from '../src/generators/workload.ts';
import type { Call } from '../src/protocol/client.ts';
import type { OptionDefinition } from '../src/protocol/system.ts';
import { readersFor } from './register.ts';

const owners = [
  'alice',
  'bob',
  'carol',
  'dave',
  'erin',
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
  'mallory',
  'olivia',
];

const options: readonly OptionDefinition[] = [
  { name: 'accounts', summary: 'Accounts, all of them in use all the time.', fallback: 5, range: [2, owners.length] },
  { name: 'balance', summary: 'What each account holds at first.', fallback: 100, range: [1, 1_000_000] },
  {
    name: 'read',
    summary: 'Share of reads of one account among the operations; reserved readers come on top.',
    fallback: 20,
    range: [0, 1000],
  },
  { name: 'audit', summary: 'Share of transactions that read all accounts.', fallback: 20, range: [0, 1000] },
  { name: 'transfer', summary: 'Share of transfers between two accounts.', fallback: 60, range: [1, 1000] },
];

const operations = ['read', 'txn'];

const accountsOf = (values: OptionValues): readonly string[] => owners.slice(0, Number(values['accounts']));

/** What the generator knows of an account: the latest version that it has heard of, and what that held if it knows. */
interface Account {
  readonly version: number;
  readonly balance: number | null;
}

interface Settings {
  readonly accounts: readonly string[];
  readonly first: number;
  readonly shares: { readonly read: number; readonly audit: number; readonly transfer: number };
  readonly readers: number;
}

interface State {
  /** Absent: nobody has seen that it was opened. */
  readonly known: ReadonlyMap<string, Account>;
  /** Who is opening the accounts. */
  readonly opener: ProcessId | null;
  /** The last id that was given to a balance. */
  readonly issued: number;
}

type Part = readonly [f: 'r' | 'w' | 'c', key: string, value: Json];

const txn = (parts: readonly Part[]): Call => ({ f: 'txn', key: noKey, value: parts });
const read = (key: string): Call => ({ f: 'read', key, value: null });
const readAll = (keys: readonly string[]): Call => txn(keys.map((key): Part => ['r', key, null]));

class BankCalls implements Generator {
  readonly #settings: Settings;
  readonly #state: State;

  constructor(settings: Settings, state: State) {
    this.#settings = settings;
    this.#state = state;
  }

  next({ free, random }: GeneratorContext): GeneratorStep {
    const { accounts, readers, shares } = this.#settings;
    const { process, index } = random.pick(free);
    const call = (chosen: Call, state: State = this.#state): GeneratorStep => ({
      kind: 'call',
      process,
      call: chosen,
      rest: state === this.#state ? this : new BankCalls(this.#settings, state),
    });
    if (this.#state.known.size === 0 && this.#state.opener === null && index >= readers)
      return call(...this.#open(process));
    const { read: reading, audit, transfer } = shares;
    const drawn = random.unit() * (reading + audit + (index < readers ? 0 : transfer));
    if (drawn >= reading + audit && this.#state.known.size > 0) return call(...this.#transfer(random));
    return call(drawn < reading ? read(random.pick(accounts)) : readAll(accounts));
  }

  update(event: GeneratorEvent): Generator {
    if (event.kind !== 'complete') return this;
    const opener = event.process === this.#state.opener ? null : this.#state.opener;
    const known = new Map(this.#state.known);
    for (const [key, account] of learned(event)) {
      const before = known.get(key);
      if (before === undefined || account.version > before.version || isMoreKnown(account, before))
        known.set(key, account);
    }
    return new BankCalls(this.#settings, { ...this.#state, known, opener });
  }

  /** Whoever comes second is refused, since the versions are not 0 any more. */
  #open(process: ProcessId): [Call, State] {
    const { accounts, first } = this.#settings;
    const { issued } = this.#state;
    const compares = accounts.map((key): Part => ['c', key, 0]);
    const writes = accounts.map((key, place): Part => ['w', key, { balance: first, id: issued + place + 1 }]);
    return [txn([...compares, ...writes]), { ...this.#state, opener: process, issued: issued + accounts.length }];
  }

  /** Of two accounts of which the balance is known; otherwise those two are read. */
  #transfer(random: Random): [Call, State] {
    const [from = '', to = ''] = random.shuffle(this.#settings.accounts);
    const [giver, taker] = [from, to].map((key) => this.#state.known.get(key));
    if (giver?.balance == null || taker?.balance == null || giver.balance === 0)
      return [readAll([from, to]), this.#state];
    const amount = 1 + random.below(Math.min(giver.balance, 20));
    const { issued } = this.#state;
    const parts: readonly Part[] = [
      ['c', from, giver.version],
      ['c', to, taker.version],
      ['w', from, { balance: giver.balance - amount, id: issued + 1 }],
      ['w', to, { balance: taker.balance + amount, id: issued + 2 }],
    ];
    return [txn(parts), { ...this.#state, issued: issued + 2 }];
  }
}

const isMoreKnown = (one: Account, other: Account): boolean =>
  one.version === other.version && one.balance !== null && other.balance === null;

interface Balance {
  readonly balance: number;
}

/** What a transaction that succeeded says about the accounts. */
function learned({ call, ...event }: GeneratorEvent): readonly (readonly [key: string, Account])[] {
  if (event.kind !== 'complete' || event.outcome.type !== 'ok' || call.f !== 'txn') return [];
  const said = event.outcome.value as {
    readonly committed: boolean;
    readonly parts?: readonly Part[];
    readonly current?: readonly Part[];
  };
  if (!said.committed)
    return (said.current ?? []).map(([, key, version]) => [key, { version: Number(version), balance: null }]);
  const parts = said.parts ?? [];
  return parts.flatMap(([f, key, value]): (readonly [string, Account])[] => {
    if (f === 'c') return [];
    if (f === 'w') {
      const over = parts.find(([what, of]) => what === 'c' && of === key)?.[2];
      return [[key, { version: Number(over) + 1, balance: (value as unknown as Balance).balance }]];
    }
    const seen = value as unknown as { readonly value: Balance | null; readonly version: number };
    return seen.value === null ? [] : [[key, { version: seen.version, balance: seen.value.balance }]];
  });
}

export const txnBank: Workload = {
  name: 'txn-bank',
  summary: 'Transfers between accounts, as transactions over two keys, and reads of one account or of all.',
  options,
  functions: () => operations,
  decides: transactionModels.map((model) => ({ model, dataModel: 'versioned-registers', operations })),
  remarks: (history, values) => totals(history, accountsOf(values).length, Number(values['balance'])),
  generator(plan) {
    const { values } = plan;
    const number = (name: string): number => Number(values[name]);
    const shares = { read: number('read'), audit: number('audit'), transfer: number('transfer') };
    const settings = {
      accounts: accountsOf(values),
      first: number('balance'),
      shares,
      readers: shares.read + shares.audit === 0 ? 0 : readersFor(plan),
    };
    return new BankCalls(settings, { known: new Map(), opener: null, issued: 0 });
  },
  final({ values }) {
    const accounts = accountsOf(values);
    return readEverywhere([...accounts.map(read), readAll(accounts)], 10);
  },
};

/** Who read all accounts, once they were open, must have found the same total. */
function totals(history: readonly Operation[], accounts: number, first: number): readonly string[] {
  const expected = accounts * first;
  const sums = history.flatMap((operation) => {
    const sum = operation.f === 'txn' && operation.type === 'ok' ? totalIn(operation, accounts) : null;
    return sum === null ? [] : [{ sum, operation }];
  });
  if (sums.length === 0) return ['Nobody has read all accounts at once.'];
  const wrong = sums.filter(({ sum }) => sum !== expected);
  const [worst] = wrong;
  if (worst === undefined)
    return [`The total of all accounts was ${expected} whenever it was read, ${sums.length} times.`];
  const { process, invokedAt } = worst.operation;
  return [
    `The total of all accounts is ${expected}, but ${wrong.length} of ${sums.length} times that it was read it was not: ` +
      `process ${process} found ${worst.sum} at ${(invokedAt / 1e9).toFixed(2)} s.`,
  ];
}

/** Null where it did not read all accounts, or found none. */
function totalIn({ output }: Operation, accounts: number): number | null {
  const { parts = [] } = output as unknown as { readonly parts?: readonly Part[] };
  const balances = parts.flatMap(([f, , seen]) =>
    f === 'r' ? [(seen as { value: Balance | null } | null)?.value ?? null] : [],
  );
  if (balances.length < accounts || balances.every((one) => one === null)) return null;
  return balances.reduce((sum, one) => sum + (one?.balance ?? 0), 0);
}
