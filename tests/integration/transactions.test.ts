/** Transactions from the command line: run, found wrong, analysed again, and refused where nobody understands them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workplace } from './harness-program.ts';

let place: Workplace;
beforeAll(() => void (place = new Workplace()));
afterAll(() => place[Symbol.dispose]());

const bank = ['--env', 'sim', '--system', 'two-phase-commit', '--workload', 'txn-bank', '--seed', '1'];

it('two-phase-commit keeps its promise of transactions, and the total is told', async () => {
  const { code, out } = await place.harness('test', ...bank, '--nemesis', 'partition,kill', '--time-limit', '10');

  expect(out).toContain('✓ Two-phase-commit kept its promise: strict-serializable.');
  expect(out).toMatch(/The total of all accounts was 500 whenever it was read, \d+ times\./u);
  expect(code).toBe(0);
});

it('half of a transaction is found, and analyze says the same of the recorded run', async () => {
  const words = [
    '--nemesis',
    'kill',
    '--bug',
    'vote-not-logged',
    '--test-count',
    '30',
    '--time-limit',
    '10',
    '--store',
    'bad',
  ];
  const run = await place.harness('test', ...bank, ...words);
  const again = await place.harness('analyze', '--store', 'bad');
  const because = (out: string): string => /^ +because +(.*)/mu.exec(out)?.[1] ?? 'nothing';

  expect(run.out).toContain('✗ Two-phase-commit with the bug vote-not-logged broke its promise: strict-serializable.');
  expect(because(run.out)).toContain('transaction #');
  expect(because(again.out)).toBe(because(run.out));
  expect([run.code, again.code]).toEqual([1, 1]);
});

it('whoever does not understand transactions or inserts is not asked for them', async () => {
  const refusals = await Promise.all(
    [
      ['quorum', 'txn-bank'],
      ['raft', 'insert'],
    ].map(async ([system = '', workload = '']) =>
      place.harness('test', '--system', system, '--workload', workload, '--env', 'sim'),
    ),
  );

  expect(refusals.map(({ code, err }) => [code, err.trim()])).toEqual([
    [
      254,
      'The workload txn-bank asks for txn, which quorum does not understand (it knows read, write). Choose another workload.',
    ],
    [
      254,
      'The workload insert asks for insert, which raft does not understand (it knows read, write, cas). Choose another workload.',
    ],
  ]);
});

it('the workloads are listed with what they decide', async () => {
  const { out } = await place.harness('list');

  expect(out).toMatch(/ insert +Inserts of single keys.* Decides: linearizable\./u);
  expect(out).toMatch(/ txn-bank +Transfers .* Decides: strict-serializable, session-serializable, serializable\./u);
  expect(out).toMatch(/ two-phase-commit .*Claims: linearizable, strict-serializable\./u);
});
