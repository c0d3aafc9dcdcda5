import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from 'knossos-ts';
import { instant, seconds } from '../core/time.ts';
import type { Claim } from '../protocol/system.ts';
import { drive } from './drive.ts';
import { Journal } from './journal.ts';
import { type Mark, marksOf } from './marks.ts';
import { type FakeBehaviour, FakeCluster, serve } from './testing/fake-cluster.ts';
import { fakeTest } from './testing/fake-test.ts';
import type { Test } from './plan.ts';
import type { Progress } from './progress.ts';

const never = new AbortController().signal;

async function driven(test: Test, behaviour: FakeBehaviour = {}, signal = never) {
  const journal = new Journal(null);
  const cluster = new FakeCluster(behaviour);
  await drive({ test, cluster, journal, signal });
  return { events: journal.events, marks: marksOf(journal.events).map(({ mark }) => mark), cluster };
}

const peeking = (): Test => {
  const test = fakeTest();
  return { ...test, workload: { ...test.workload, peeks: true } };
};

const phases = (marks: readonly Mark[]): readonly string[] =>
  marks.flatMap((mark) => (mark.mark === 'phase' ? [mark.phase] : []));

const during = (events: readonly HistoryEvent[], phase: string): readonly HistoryEvent[] => {
  const starts = marksOf(events).filter(({ mark }) => mark.mark === 'phase');
  const place = starts.findIndex(({ mark }) => mark.mark === 'phase' && mark.phase === phase);
  const from = starts[place]?.index ?? Infinity;
  const to = starts[place + 1]?.index ?? Infinity;
  return events.filter(({ index, process }) => process !== 'nemesis' && index > from && index < to);
};

describe('a run', () => {
  it('goes through its phases in order, with operations in the main and the final one', async () => {
    const { events, marks, cluster } = await driven(fakeTest());
    // A timer that is left behind would keep a real process alive, and go on after the end.
    expect(cluster.waiting).toBe(0);
    expect(phases(marks)).toEqual(['main', 'heal', 'quiesce', 'final', 'end']);
    expect(marks.at(-1)).toEqual({ mark: 'phase', phase: 'end', interrupted: false, trace: null });
    const main = during(events, 'main').filter(({ type }) => type === 'invoke').length;
    expect(main).toBeGreaterThan(200);
    expect(main).toBeLessThan(300);
    expect(
      during(events, 'final')
        .map(({ type, f }) => `${type} ${f}`)
        .toSorted(),
    ).toEqual([...Array.from({ length: 3 }, () => 'invoke read'), ...Array.from({ length: 3 }, () => 'ok read')]);
    expect(during(events, 'quiesce')).toEqual([]);
  });

  it('asks every node what it holds after the final reads, where the workload wants that, until all agree twice', async () => {
    const { marks, cluster } = await driven(peeking());
    expect(phases(marks)).toEqual(['main', 'heal', 'quiesce', 'final', 'converge', 'end']);
    const peeks = marks.flatMap((mark) => (mark.mark === 'peek' ? [`${mark.round} ${mark.node}`] : []));
    expect(peeks).toEqual(['1 n1', '1 n2', '1 n3', '2 n1', '2 n2', '2 n3']);
    expect(cluster.waiting).toBe(0);
  });

  it('asks for a bounded time where the nodes never agree, and ends', async () => {
    const { events, marks, cluster } = await driven(peeking(), {
      peek: (node) => ({ ok: true, value: node === 'n2' ? 1 : 2 }),
    });
    const from = events.find(({ f, value }) => f === 'phase' && (value as { phase: string }).phase === 'converge');
    const took = ((events.at(-1)?.time ?? 0) - (from?.time ?? 0)) / 1e9;
    expect(took).toBeGreaterThan(29);
    expect(took).toBeLessThan(31);
    expect(marks.filter(({ mark }) => mark === 'peek').length).toBeGreaterThan(300);
    expect(cluster.waiting).toBe(0);
  });

  it('never has less than no time left, also where harness stood still', async () => {
    const cluster = new FakeCluster({ standstill: { from: instant(3e9), to: instant(9e9) } });
    const left: number[] = [];
    const onProgress = (progress: Progress): void => void left.push(progress.left);
    await drive({ test: fakeTest(), cluster, journal: new Journal(null), signal: never, onProgress });
    expect(Math.max(...left)).toBeGreaterThan(4);
    expect(Math.min(...left)).toBe(0);
  });

  it('is the same for the same seed, and another one for another', async () => {
    const test = fakeTest({ nemesis: 'cut', nemesisInterval: 1 });
    const text = JSON.stringify((await driven(test)).events);
    expect(JSON.stringify((await driven(test)).events)).toBe(text);
    expect(JSON.stringify((await driven(fakeTest({ nemesis: 'cut', nemesisInterval: 1, seed: 8 }))).events)).not.toBe(
      text,
    );
  });

  it('notes each fault four times, with its proofs, and leaves none behind', async () => {
    const { marks, cluster } = await driven(fakeTest({ nemesis: 'cut', nemesisInterval: 1 }));
    const ids = marks.flatMap((mark) => (mark.mark === 'begin' ? [mark.id] : []));
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) {
      const story = marks.filter((mark) => 'id' in mark && mark.id === id);
      expect(story.map(({ mark }) => mark)).toEqual(['begin', 'begun', 'end', 'ended']);
      expect(story[1]).toMatchObject({ held: true, text: 'it is broken' });
      expect(story[3]).toMatchObject({ held: true, text: 'it is whole again' });
    }
    expect(cluster.active.size).toBe(0);
  });

  it('ends an operation whose client hangs as info, retires the process, and makes it a finding', async () => {
    let stuck = false;
    const { events, marks, cluster } = await driven(fakeTest({ timeLimit: 12, concurrency: '2' }), {
      serve: (body, state) => {
        if (stuck || body.type !== 'write') return serve(body, state);
        stuck = true;
        return null;
      },
    });
    const [info, ...others] = events.filter(({ type, process }) => type === 'info' && process !== 'nemesis');
    expect(others).toEqual([]);
    expect(info?.error?.text).toBe(`The client of process ${info?.process} did not end its write within its 5000 ms.`);
    const successor = Number(info?.process) + 2;
    expect(events.some(({ process }) => process === successor)).toBe(true);
    expect(events.filter(({ process }) => process === info?.process).at(-1)).toBe(info);
    expect(cluster.mostConnected).toBe(2);
    expect(marks.filter(({ mark }) => mark === 'finding')).toMatchObject([{ kind: 'client', text: info?.error?.text }]);
  });

  it('waits for a leader whom all follow, and begins without one at a deadline, with a note', async () => {
    const { marks, events } = await driven(fakeTest({ timeLimit: 1 }), {
      inspect: (node) => ({ ok: true, value: { role: 'follower', term: node === 'n2' ? 3 : 2 } }),
    });
    const notes = marks.flatMap((mark) => (mark.mark === 'note' ? [mark.text] : []));
    expect(notes).toEqual([
      'The cluster was not ready when the run began: no node leads term 3.',
      'The cluster did not recover in time: no node leads term 3.',
    ]);
    const main = events.find(({ f }) => f === 'phase');
    expect(main?.time).toBe(15e9);
  });

  it('blames a cluster that stays away on virtual time, but not where a fault could not be undone', async () => {
    const test = fakeTest({ timeLimit: 3, nemesis: 'cut', nemesisInterval: 1 });
    const claims = (...given: Parameters<typeof test.system.claims>): readonly Claim[] =>
      test.system.claims(...given).map((claim) => ({ ...claim, recoversWithin: seconds(9) }));
    const promising = { ...test, system: { ...test.system, claims } };
    const away: FakeBehaviour = {
      trace: { events: 0, hash: '' },
      inspect: (node, now) => ({
        ok: true,
        value: { role: now < 3e9 && node === 'n1' ? 'leader' : 'follower', term: 1 },
      }),
    };
    const findings = async (behaviour: FakeBehaviour): Promise<readonly Mark[]> =>
      (await driven(promising, behaviour)).marks.filter(({ mark }) => mark === 'finding');
    expect(await findings(away)).toMatchObject([{ kind: 'liveness' }]);
    expect(await findings({ ...away, end: () => ({ ok: false, error: 'still cut' }) })).toEqual([]);
  });

  it('begins when all nodes answer, where nobody counts terms', async () => {
    const { marks } = await driven(fakeTest({ timeLimit: 1 }), {
      inspect: () => ({ ok: true, value: { role: 'replica' } }),
    });
    expect(marks.filter(({ mark }) => mark === 'note')).toEqual([]);
  });

  it('takes no final reads before the cluster has recovered, by what it says after the faults', async () => {
    const { events } = await driven(fakeTest({ timeLimit: 5 }), {
      inspect: (node, now) => ({
        ok: true,
        value: { role: node === 'n1' && (now < 5.1e9 || now > 9e9) ? 'leader' : 'follower', term: 1 },
      }),
    });
    const phaseAt = (index: number): number => events.filter(({ f }) => f === 'phase')[index]?.time ?? 0;
    expect(phaseAt(2)).toBeGreaterThan(5e9);
    expect(phaseAt(2)).toBeLessThan(5.3e9);
    expect(phaseAt(3)).toBeGreaterThan(9e9);
  });

  it('notes each leader of a higher term once', async () => {
    const { marks } = await driven(fakeTest({ timeLimit: 3 }), {
      inspect: (node, now) => {
        const term = now < 2e9 ? 1 : 2;
        return { ok: true, value: { role: node === `n${term}` ? 'leader' : 'follower', term } };
      },
    });
    expect(marks.filter(({ mark }) => mark === 'leader')).toEqual([
      { mark: 'leader', node: 'n1', term: 1 },
      { mark: 'leader', node: 'n2', term: 2 },
    ]);
  });

  it('heals, takes no final reads and says that it was interrupted, once it is aborted', async () => {
    const controller = new AbortController();
    const { marks, cluster } = await driven(
      fakeTest({ nemesis: 'cut', nemesisInterval: 1, timeLimit: 60 }),
      {
        begin: () => {
          controller.abort();
          return { ok: true, value: 'it is broken' };
        },
      },
      controller.signal,
    );
    expect(phases(marks)).toEqual(['main', 'heal', 'quiesce', 'end']);
    expect(marks.at(-1)).toMatchObject({ interrupted: true });
    expect(marks.filter(({ mark }) => mark === 'ended')).toHaveLength(1);
    expect(cluster.active.size).toBe(0);
    expect(cluster.waiting).toBe(0);
  });

  it('brings what the cluster found into the history, once', async () => {
    const finding = { kind: 'crash', node: 'n2', at: 5, text: 'boom' } as const;
    const { marks } = await driven(fakeTest({ timeLimit: 1 }), { findings: [finding as never] });
    expect(marks.filter(({ mark }) => mark === 'finding')).toEqual([{ mark: 'finding', ...finding }]);
  });

  it('hears also what the cluster notices only when it stops', async () => {
    const journal = new Journal(null);
    const cluster = new FakeCluster();
    const run = cluster.run.bind(cluster);
    cluster.run = async (start) => {
      await run(start);
      cluster.findings = () => [{ kind: 'exit', node: 'n2', at: 5, text: 'gone' } as never];
    };
    await drive({ test: fakeTest({ timeLimit: 1 }), cluster, journal, signal: never });
    const marks = marksOf(journal.events).map(({ mark }) => mark);
    expect(marks.slice(-2)).toMatchObject([
      { mark: 'finding', kind: 'exit', node: 'n2', text: 'gone' },
      { phase: 'end' },
    ]);
  });

  it('rejects when a callback of the harness throws, wherever it was called from', async () => {
    const broken: Test = {
      ...fakeTest(),
      workload: {
        ...fakeTest().workload,
        generator: () => ({
          next: () => {
            throw new Error('no idea');
          },
        }),
      },
    };
    await expect(driven(broken)).rejects.toThrow('no idea');
  });
});
