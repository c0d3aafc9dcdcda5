import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../report/run-report.ts';
import { readRecording } from './recorded.ts';
import { type FinishedRun, finish, run } from './run.ts';
import { writeReports } from './reporting.ts';
import { type FakeBehaviour, fakeEnvironment, serve } from './testing/fake-cluster.ts';
import { fakeCatalogue, fakeTest, ledger } from './testing/fake-test.ts';
import type { Fault } from '../environments/faults.ts';
import type { PlanRequest } from './expand.ts';

let store = '';
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'run-'));
});
afterEach(() => rmSync(store, { recursive: true }));

const limits = { milliseconds: 10_000, bytes: 2 ** 28, workers: 0 };

const ran = (behaviour: FakeBehaviour = {}, request: Partial<PlanRequest> = {}): Promise<FinishedRun> =>
  run({
    test: fakeTest({ nemesis: 'cut', nemesisInterval: 1, ...request }),
    environment: fakeEnvironment(behaviour),
    store,
    version: '9.9.9',
    program: 'harness',
    limits,
    signal: new AbortController().signal,
  });

/** What does not depend on how long the work took. */
const steady = ({ durations: { run: length }, ...report }: RunReport): object => ({ ...report, length });

describe('a run of a correct store', () => {
  it('is valid, and its folder holds all that the design names', async () => {
    const { report, folder } = await ran();
    expect(report.outcome).toMatchObject({
      kind: 'valid',
      exitCode: 0,
      headline: 'Ledger kept its promise: linearizable.',
    });
    expect(report.counts.ok).toBeGreaterThan(200);
    expect(report.counts.okDuringFaults).toBeGreaterThan(10);
    expect(report.leaderChanges).toBe(0);
    expect(readdirSync(folder?.path ?? '').toSorted()).toEqual([
      'harness.log',
      'history.edn',
      'history.jsonl',
      'schedule.json',
      'test.json',
    ]);
    const { faults } = JSON.parse(readFileSync(join(folder?.path ?? '', 'schedule.json'), 'utf8')) as {
      faults: unknown[];
    };
    expect(faults).toHaveLength(report.faults.length);
  });

  it('is judged the same again from its folder', async () => {
    const { report, folder } = await ran();
    const again = readRecording(folder?.path ?? '', fakeCatalogue, 'harness');
    const second = await finish(again.recording, limits, again.folder);
    expect(steady(second.report)).toEqual({ ...steady(report), durations: undefined, length: report.durations.run });
  });
});

describe('a run that goes wrong', () => {
  it('is a violation when the store forgets a write', async () => {
    let writes = 0;
    const { report } = await ran({
      serve: (body, state) => (body.type === 'write' && ++writes === 20 ? [body.value ?? null] : serve(body, state)),
    });
    expect(report.outcome).toMatchObject({ kind: 'violated', exitCode: 1 });
    expect(report.models[0]?.counterexamples[0]?.sentence).toMatch(/./);
  });

  it('is inconclusive when no fault took effect, although every read was right', async () => {
    const { report } = await ran({ begin: () => ({ ok: false, error: 'the link still delivers' }) });
    expect(report.models[0]?.valid).toBe(true);
    expect(report.outcome).toMatchObject({ kind: 'inconclusive', exitCode: 2 });
    expect(report.outcome.reasons[0]).toBe(
      'No fault of cut was proven. Run longer, or make --nemesis-interval shorter.',
    );
  });

  it('is inconclusive when a fault did not heal', async () => {
    const { report } = await ran({ end: () => ({ ok: false, error: 'still cut' }) });
    expect(report.outcome).toMatchObject({ kind: 'inconclusive', exitCode: 2 });
  });

  it('is a finding when a node threw, although every read was right', async () => {
    const { report } = await ran({ findings: [{ kind: 'crash', node: 'n1' as never, at: 1 as never, text: 'boom' }] });
    expect(report.outcome).toMatchObject({ kind: 'finding', exitCode: 1, reasons: ['crash of n1: boom'] });
  });

  it('ends when the environment fails, and is inconclusive with what became of it', async () => {
    const troubles = (now: number): readonly string[] => (now > 1.5e9 ? ['The engine does not answer any more.'] : []);
    const { report, history } = await ran({ troubles });
    expect(report.outcome).toMatchObject({ kind: 'inconclusive', exitCode: 2 });
    expect(report.outcome.reasons).toContain('The environment failed: The engine does not answer any more.');
    expect(report.findings).toEqual([]);
    expect(history.at(-1)?.time).toBeLessThan(1.7e9);
  });

  it('is inconclusive, and accuses nobody, when the faults went beyond what the claim assumes', async () => {
    const test = fakeTest({ nemesis: 'cut', nemesisInterval: 1 });
    const claims = (): ReturnType<typeof ledger.claims> =>
      ledger.claims({ bug: null, values: {} }, []).map((claim) => ({ ...claim, assumes: { maxDown: 0 } }));
    const isolating = (fault: Fault): Fault => ({ ...fault, kind: 'kill', nodes: ['n1' as never] });
    const [selection] = test.selections;
    const variants = selection?.variants.map((variant) => ({
      ...variant,
      plan: (view: Parameters<typeof variant.plan>[0]) => {
        const planned = variant.plan(view);
        return planned === null ? null : { ...planned, fault: isolating(planned.fault) };
      },
    }));
    const { report } = await run({
      test: {
        ...test,
        system: { ...ledger, claims },
        selections: [{ ...selection, variants, goesBeyond: true } as never],
      },
      environment: fakeEnvironment({ serve: (body, state) => (body.type === 'read' ? [99] : serve(body, state)) }),
      store: null,
      version: '9.9.9',
      program: 'harness',
      limits,
      signal: new AbortController().signal,
    });
    expect(report.models[0]).toMatchObject({ valid: false, claimed: true, judged: false });
    expect(report.models[0]?.summary).toMatch(/; not judged: 1 nodes were down or cut off at once, /);
    expect(report.outcome).toMatchObject({ kind: 'inconclusive', exitCode: 2 });
  });

  it('tells what the system remarks about its options and the number of its nodes', async () => {
    const remarks = (_options: unknown, nodes: readonly string[]): readonly string[] => [`${nodes.length} scribes.`];
    const { report } = await run({
      test: { ...fakeTest(), system: { ...ledger, remarks } },
      environment: fakeEnvironment({ serve }),
      store: null,
      version: '9.9.9',
      program: 'harness',
      limits,
      signal: new AbortController().signal,
    });
    expect(report.outcome).toMatchObject({ kind: 'valid', reasons: ['3 scribes.'] });
  });

  it('sums up what nodes count, and lets the system say what it means', async () => {
    const figures = ({ lines = 0 }: { readonly [name: string]: number }): readonly string[] => [`${lines} lines.`];
    const { report } = await run({
      test: { ...fakeTest(), system: { ...ledger, figures } },
      environment: fakeEnvironment({
        serve,
        inspect: (node) => ({
          ok: true,
          value: { role: 'scribe', term: 1, leads: node === 'n1', counters: { lines: 7 } },
        }),
      }),
      store: null,
      version: '9.9.9',
      program: 'harness',
      limits,
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ counters: { lines: 21 }, figures: ['21 lines.'], leaderChanges: 0 });
  });

  it('leaves the stack of the harness in harness.log', async () => {
    const serveBadly = (): never => {
      throw new Error('the fake broke');
    };
    await expect(ran({ serve: serveBadly })).rejects.toThrow('the fake broke');
    const [name = ''] = readdirSync(store).filter((file) => file !== 'latest');
    expect(readFileSync(join(store, name, 'latest/harness.log'), 'utf8')).toContain('run.test.ts');
  });
});

describe('a history that was cut short', () => {
  const cutShort = async (change: (text: string) => string) => {
    const { folder } = await ran();
    const path = join(folder?.path ?? '', 'history.jsonl');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    const { recording, folder: again } = readRecording(folder?.path ?? '', fakeCatalogue, 'harness');
    return (await finish(recording, limits, again)).report;
  };

  it('is at best inconclusive without its end mark', async () => {
    const { outcome, models } = await cutShort((text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
    expect(models[0]?.valid).toBe(true);
    expect(outcome).toMatchObject({
      kind: 'inconclusive',
      reasons: ['The history has no end mark: the run was cut short. Run it again.'],
    });
  });

  it('loses a torn last line, and operations that were open become info', async () => {
    const { outcome, counts } = await cutShort((text) => text.slice(0, Math.floor(text.length / 2)));
    expect(outcome.kind).toBe('inconclusive');
    expect(outcome.reasons).toContain('The last line of the history was torn; it was dropped.');
    expect(counts.ok + counts.info + counts.fail).toBe(counts.operations);
  });

  it('is refused with its number when another line is malformed', async () => {
    const broken = (text: string): string => text.replace(/\n[^\n]*\n[^\n]*\n/, '\n{"index":1,\n$&');
    await expect(cutShort(broken)).rejects.toThrow(/history\.jsonl: Line 2: expected a JSON object, found /);
  });
});

describe('the reports of a run', () => {
  it('are all written although one of them throws, and that one is named', async () => {
    const finished = await ran();
    const printed: string[] = [];
    const reporter = (name: string, write: () => Promise<void>) => ({ name, summary: '', write });
    await writeReports(
      finished,
      [
        reporter('broken', async () => {
          throw new Error('no ink');
        }),
        { name: 'good', summary: '', write: (_run, _history, files) => files.write('good.txt', 'here') },
      ],
      { print: (text) => void printed.push(text), colour: false },
    );
    expect(printed).toEqual(['The report broken failed: no ink']);
    expect(readFileSync(join(finished.folder?.path ?? '', 'good.txt'), 'utf8')).toBe('here');
  });
});
