import { expect, test } from 'vitest';
import { type HistoryEvent, checkTransactions, pairOperations, transactionModels } from 'knossos-ts';
import type { Json } from '../src/core/json.ts';
import { nodeNames } from '../src/core/ids.ts';
import { milliseconds } from '../src/core/time.ts';
import { homeOf } from '../src/generators/interpreter.ts';
import { info, invoked, ok, play, type Played } from '../src/generators/testing/play.ts';
import type { OptionValues } from '../src/generators/workload.ts';
import type { Call } from '../src/protocol/client.ts';
import type { Outcome } from '../src/protocol/outcomes.ts';
import { txnBank } from './txn-bank.ts';

const defaults: OptionValues = Object.fromEntries(txnBank.options.map(({ name, fallback }) => [name, fallback]));

type Part = readonly [f: 'r' | 'w' | 'c', key: string, value: Json];

/** A store that does everything at once when it is asked. */
function store(): (call: Call) => Outcome {
  const held = new Map<string, { readonly value: Json; readonly version: number }>();
  const at = (key: string) => held.get(key) ?? { value: null, version: 0 };
  return ({ f, key, value }) => {
    if (f === 'read') return ok(at(key).value);
    const parts = value as unknown as readonly Part[];
    const compared = parts.filter(([what]) => what === 'c');
    if (compared.some(([, of, version]) => at(of).version !== version))
      return ok({ committed: false, current: compared.map(([, of]) => ['c', of, at(of).version]) });
    const done = parts.map(([what, of, data]): Json => [what, of, what === 'r' ? at(of) : data]);
    for (const [what, of, data] of parts) if (what === 'w') held.set(of, { value: data, version: at(of).version + 1 });
    return ok({ committed: true, parts: done });
  };
}

function run(values: OptionValues = {}, answer: (call: Call) => Outcome = store()): Played[] {
  const plan = {
    values: { ...defaults, ...values },
    rate: 100,
    timeLimit: milliseconds(1),
    nodeCount: 5,
    concurrency: 10,
  };
  const [main, final] = [txnBank.generator(plan), txnBank.final(plan)];
  const takes = (_call: Call, random: { below(end: number): number }) => milliseconds(1 + random.below(20));
  return play({ main, final, nodeCount: 5, concurrency: 10, most: 3000, seed: 1, answer, takes });
}

const partsOf = ({ call }: Played): readonly Part[] =>
  call.f === 'txn' ? (call.value as unknown as readonly Part[]) : [];
const writesOf = (event: Played): readonly Part[] => partsOf(event).filter(([f]) => f === 'w');
const isSaid = ({ outcome }: Played, committed: boolean): boolean =>
  outcome?.type === 'ok' && JSON.stringify(outcome.value).includes(`"committed":${committed}`);

/** As the harness records it. */
const historyOf = (events: readonly Played[]): HistoryEvent[] =>
  events.map(({ at, kind, process, call, outcome }, index) => ({
    index,
    time: at,
    process,
    f: call.f,
    key: call.f === 'txn' ? null : call.key,
    type: kind === 'invoke' ? 'invoke' : (outcome?.type ?? 'info'),
    value: outcome?.type === 'ok' ? outcome.value : call.value,
  }));

test('every write names the version that it replaces, and no balance is written twice', () => {
  const transfers = invoked(run()).filter((event) => writesOf(event).length > 0);
  const ids = transfers.flatMap((event) => writesOf(event).map(([, , value]) => (value as { id: number }).id));

  expect(transfers.length).toBeGreaterThan(500);
  expect(new Set(ids).size).toBe(ids.length);
  for (const event of transfers) {
    const compared = partsOf(event).filter(([f]) => f === 'c');
    expect(compared.map(([, key]) => key)).toEqual(writesOf(event).map(([, key]) => key));
  }
});

test('most transfers are committed, some come too late, and nobody ever owes money', () => {
  const ended = run().filter((event) => event.kind === 'complete' && writesOf(event).length > 0);
  const balances = ended.flatMap((event) =>
    writesOf(event).map(([, , value]) => (value as { balance: number }).balance),
  );

  expect(ended.filter((event) => isSaid(event, true)).length / ended.length).toBeGreaterThan(0.5);
  expect(ended.filter((event) => isSaid(event, false)).length).toBeGreaterThan(10);
  expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
});

test('on a store of one copy its histories are strictly serializable, and the total never changes', () => {
  const events = historyOf(run());
  const { verdicts } = checkTransactions(events);

  expect(transactionModels.map((model) => verdicts.get(model)?.valid)).toEqual([true, true, true]);
  expect(txnBank.remarks?.(pairOperations(events), defaults)).toEqual([
    expect.stringMatching(/^The total of all accounts was 500 whenever it was read, \d+ times\.$/u),
  ]);
});

test('who finds another total is told, with the moment', () => {
  const sight = (balance: number): Json => ({ value: { balance, id: balance }, version: 1 });
  const parts: Json = [
    ['r', 'alice', sight(100)],
    ['r', 'bob', sight(70)],
  ];
  const call = { process: 3, f: 'txn', key: null } as const;
  const events: HistoryEvent[] = [
    {
      ...call,
      index: 0,
      time: 2e9,
      type: 'invoke',
      value: [
        ['r', 'alice', null],
        ['r', 'bob', null],
      ],
    },
    { ...call, index: 1, time: 3e9, type: 'ok', value: { committed: true, parts } },
  ];

  expect(txnBank.remarks?.(pairOperations(events), { accounts: 2, balance: 100 })).toEqual([
    'The total of all accounts is 200, but 1 of 1 times that it was read it was not: process 3 found 170 at 2.00 s.',
  ]);
  expect(txnBank.remarks?.([], defaults)).toEqual(['Nobody has read all accounts at once.']);
});

test('one process opens all accounts, and another one when nobody knows what became of that', () => {
  const openings = (answer?: (call: Call) => Outcome): number =>
    invoked(run({}, answer)).filter((event) => writesOf(event).length === 5).length;
  const real = store();
  let first = true;
  const lost = (call: Call): Outcome => {
    const outcome = real(call);
    if (call.f !== 'txn' || !JSON.stringify(call.value).includes('"w"') || !first) return outcome;
    first = false;
    return info;
  };

  expect(openings()).toBe(1);
  expect(openings(lost)).toBeLessThanOrEqual(2);
});

test('in the end every account, and all of them at once, are read at every node, and nothing is written', () => {
  const final = invoked(run()).filter(({ phase }) => phase === 'final');
  const places = new Set(final.map(({ call, process }) => `${call.f} ${call.key} ${homeOf(process, nodeNames(5))}`));

  expect(places.size).toBe(30);
  expect(final.flatMap(writesOf)).toEqual([]);
});

test('it has as many accounts as are asked for, and readers only read', () => {
  const events = invoked(run({ accounts: 3 }));
  const keys = new Set(events.flatMap((event) => [...partsOf(event).map(([, key]) => key), event.call.key]));
  expect([...keys].toSorted()).toEqual(['', 'alice', 'bob', 'carol']);
  expect(events.filter(({ process }) => process < 5).flatMap(writesOf)).toEqual([]);
});
