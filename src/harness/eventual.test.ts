/** The claim `eventual`, through a whole run of a store that answers well, whatever its nodes hold. */
import { expect, test } from 'vitest';
import type { Json } from '../core/json.ts';
import { instant, seconds } from '../core/time.ts';
import type { Claim } from '../protocol/system.ts';
import type { RunReport } from '../report/run-report.ts';
import type { Test } from './plan.ts';
import { run } from './run.ts';
import { type FakeBehaviour, fakeEnvironment } from './testing/fake-cluster.ts';
import { fakeTest, ledger } from './testing/fake-test.ts';

const operations = ['read', 'write', 'cas'];

function eventualTest(peeks: boolean, more: Partial<Claim>): Test {
  const plain = fakeTest();
  const decides = [...plain.workload.decides, { model: 'eventual', dataModel: 'cas-register', operations } as const];
  return {
    ...plain,
    system: { ...ledger, claims: () => [{ model: 'eventual', operations, assumes: {}, live: () => [], ...more }] },
    workload: { ...plain.workload, decides, ...(peeks ? { peeks } : {}) },
  };
}

const never = new AbortController().signal;

const reportOf = async (
  behaviour: FakeBehaviour = {},
  peeks = true,
  more: Partial<Claim> = {},
  signal = never,
): Promise<RunReport> => {
  const finished = await run({
    test: eventualTest(peeks, more),
    environment: fakeEnvironment(behaviour),
    store: null,
    version: '1',
    program: 'harness',
    limits: { milliseconds: 10_000, bytes: 2 ** 26, workers: 0 },
    signal,
  });
  return finished.report;
};

test('is kept by nodes that agree on what was issued', async () => {
  const { outcome, convergence } = await reportOf();
  expect(outcome).toMatchObject({ exitCode: 0, headline: 'Ledger kept its promise: eventual.' });
  expect(convergence).toMatchObject({ valid: true, keys: 1, nodes: 3, agreed: 1, lost: 0 });
});

test('is broken by a node that keeps something else, and the sentence says which', async () => {
  const { outcome, models } = await reportOf({
    peek: (node) => ({ ok: true, value: node === 'n3' ? 1 : 2 }),
  });
  expect(outcome).toMatchObject({ exitCode: 1, headline: 'Ledger broke its promise: eventual.' });
  expect(models.find(({ model }) => model === 'eventual')?.refutation?.sentence).toBe(
    'Replica n1 ended with 2 for key k and replica n3 with 1.',
  );
});

test('is broken by nodes that agree on what nobody issued', async () => {
  const { outcome } = await reportOf({ peek: () => ({ ok: true, value: 'rubbish' }) });
  expect(outcome.exitCode).toBe(1);
});

test('is unknown where a node does not answer, or none was asked', async () => {
  const silent = await reportOf({
    peek: (node) => (node === 'n2' ? { ok: false, error: 'it is down' } : { ok: true, value: null }),
  });
  expect(silent.outcome).toMatchObject({ kind: 'unknown', exitCode: 2 });
  const unasked = await reportOf({}, false);
  expect(unasked.outcome.exitCode).toBe(2);
  expect(unasked.convergence).toBeUndefined();
});

/** All nodes hold the same only when they have been asked so often: rounds are 200 ms apart, and there are three nodes. */
function agreeingAfter(wait: number): FakeBehaviour {
  let left = (wait / 0.2) * 3;
  return { peek: (node) => ({ ok: true, value: left-- > 0 && node === 'n3' ? 1 : 2 }) };
}

test('is waited for as long as the system says that it may take, and no longer', async () => {
  const late = agreeingAfter(60);
  expect((await reportOf(late, true, { convergesWithin: () => seconds(90) })).outcome.exitCode).toBe(0);
  expect((await reportOf(agreeingAfter(60))).outcome.exitCode).toBe(1);
  expect((await reportOf(agreeingAfter(120), true, { convergesWithin: () => seconds(90) })).outcome.exitCode).toBe(1);
});

test('is waited for while a node comes to something new, and unknown where that takes longer than anybody would wait', async () => {
  const agreeing = ({ wait, end }: { wait: number; end: number }): FakeBehaviour => {
    let rounds = 0;
    // Every five seconds something that was written, so that there is enough of it.
    const held = (): number => (++rounds * 0.2 < wait ? 3 + Math.floor((rounds * 0.2) / 5) : end);
    return { peek: (node) => ({ ok: true, value: node === 'n3' ? held() : 2 }) };
  };
  expect((await reportOf(agreeing({ wait: 60, end: 2 }))).outcome.exitCode).toBe(0);
  for (let wait = 41; wait <= 51; wait += 2)
    expect((await reportOf(agreeing({ wait, end: 1 }))).outcome.exitCode).toBe(1);
  const { outcome, models } = await reportOf(agreeing({ wait: 1e6, end: 2 }));
  expect(outcome).toMatchObject({ kind: 'unknown', exitCode: 2 });
  expect(models.find(({ model }) => model === 'eventual')?.summary).toContain(
    'replica n3 was still catching up when the last look was taken',
  );
});

test('is not broken by what nobody saw while harness stood still', async () => {
  const standstill = { from: instant(8e9), to: instant(68e9) };
  expect((await reportOf({ ...agreeingAfter(10), standstill })).outcome.exitCode).toBe(0);
  expect((await reportOf({ ...agreeingAfter(1e6), standstill })).outcome.exitCode).toBe(1);
});

test('is broken by a node that comes to something new all the time which nobody wrote', async () => {
  let made = 1_000;
  const { outcome, models } = await reportOf({ peek: (node) => ({ ok: true, value: node === 'n3' ? made++ : 2 }) });
  expect(outcome.exitCode).toBe(1);
  expect(models.find(({ model }) => model === 'eventual')?.refutation?.sentence).toMatch(
    /^Replica n3 ended with (\d+) for key k, but no operation ever tried to put \1 there\.$/,
  );
});

test('is unknown where the run was cut short while the nodes still differed, but not what nobody wrote', async () => {
  const cut = async (valueOf: (node: string) => Json): Promise<number> => {
    const abort = new AbortController();
    const peek: FakeBehaviour['peek'] = (node) => {
      abort.abort();
      return { ok: true, value: valueOf(node) };
    };
    return (await reportOf({ peek }, true, {}, abort.signal)).outcome.exitCode;
  };
  expect(await cut((node) => (node === 'n3' ? 1 : 2))).toBe(2);
  expect(await cut(() => 'rubbish')).toBe(1);
});

test('is not judged where it may take longer than anybody would wait', async () => {
  const { outcome, models } = await reportOf(agreeingAfter(1e6), true, { convergesWithin: () => seconds(4800) });
  expect(outcome).toMatchObject({ kind: 'inconclusive', exitCode: 2 });
  expect(models.find(({ model }) => model === 'eventual')).toMatchObject({
    judged: false,
    summary:
      '0 of 1 keys are the same at all 3 nodes; not judged: under these options replicas may take 4800 s to agree, ' +
      'and were not waited for so long',
  });
  const soon = await reportOf({}, true, { convergesWithin: () => seconds(4800) });
  expect(soon.outcome.exitCode).toBe(0);
});
