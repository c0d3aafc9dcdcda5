import { describe, expect, it } from 'vitest';
import { noKey, nodeId, nodeNames } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import { seeded } from '../core/random.ts';
import { instant, plus, seconds } from '../core/time.ts';
import type { Answer, Fault, FaultKind, Faults } from '../environments/faults.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import type { Claim } from '../protocol/system.ts';
import { keyName } from '../generators/key-rotation.ts';
import { drive } from './drive.ts';
import { type Candidates, drawBreakage, drawHealthy } from './healthy-set.ts';
import { Journal } from './journal.ts';
import { Liveness } from './liveness.ts';
import { type Mark, type MarkEvent, marksOf } from './marks.ts';
import type { PlanRequest } from './expand.ts';
import type { Test } from './plan.ts';
import { type FakeBehaviour, FakeCluster, serve } from './testing/fake-cluster.ts';
import { fakeTest } from './testing/fake-test.ts';

const functions = ['read', 'write', 'cas'];
const majority: Claim = {
  model: 'linearizable',
  operations: functions,
  assumes: {},
  recoversWithin: seconds(30),
  live: (healthy, nodes) => (2 * healthy.length > nodes.length ? functions : []),
};
const seeds = Array.from({ length: 50 }, (_, index) => index);
const nodes = nodeNames(5);
const candidates = (more: Partial<Candidates> = {}): Candidates => ({
  claims: [majority],
  functions,
  nodes,
  kinds: new Set(['kill', 'pause', 'partition']),
  ...more,
});
const sizes = (given: Candidates): ReadonlySet<number> =>
  new Set(seeds.map((seed) => drawHealthy(given, seeded(seed))?.nodes.length ?? 0));

describe('the healthy set', () => {
  it('is mostly a bare majority where that is promised, now and then more, and never less', () => {
    const drawn = seeds.map((seed) => drawHealthy(candidates(), seeded(seed)));
    expect(drawn.filter((set) => set?.nodes.length === 3).length).toBeGreaterThan(25);
    expect(sizes(candidates())).toEqual(new Set([3, 4, 5]));
    expect(new Set(drawn.map((set) => set?.nodes.join())).size).toBeGreaterThan(5);
    for (const set of drawn) expect(set?.promised).toEqual(functions);
  });

  it('leaves as many nodes well as a claim assumes', () => {
    expect(sizes(candidates({ claims: [{ ...majority, assumes: { maxDown: 1 } }] }))).toEqual(new Set([4, 5]));
  });

  it('is the whole cluster where the nemeses of the run break no nodes', () => {
    expect(sizes(candidates({ kinds: new Set<FaultKind>(['clock']) }))).toEqual(new Set([5]));
  });

  it('asks only for what is promised under it and what the workload does', () => {
    const claims = [{ ...majority, live: () => ['read', 'scan'] }];
    expect(drawHealthy(candidates({ claims }), seeded(1))?.promised).toEqual(['read']);
    expect(drawHealthy(candidates({ claims: [{ ...majority, live: () => [] }] }), seeded(1))).toBeNull();
  });
});

describe('the rest', () => {
  it('is broken, each node once, in the ways that the run may use', () => {
    const healthy = nodes.slice(0, 2);
    const ways = new Set<string>();
    for (const seed of seeds) {
      const broken = drawBreakage(candidates(), healthy, seeded(seed));
      expect(broken.flatMap((one) => one.nodes).toSorted()).toEqual(nodes.slice(2));
      for (const { fault } of broken) ways.add(fault.kind);
    }
    expect(ways).toEqual(new Set(['kill', 'pause', 'partition']));
    const cut = drawBreakage(candidates({ kinds: new Set(['partition']) }), healthy, seeded(3));
    expect(cut.map(({ fault }) => fault.kind)).toEqual(['partition']);
  });

  it('that is cut off has no link left to a healthy node, nor the other way', () => {
    const healthy = nodes.slice(0, 3);
    for (const seed of seeds) {
      const [one] = drawBreakage(candidates({ kinds: new Set(['partition']) }), healthy, seeded(seed));
      const cut = one?.fault.kind === 'partition' ? one.fault.cut.map(([from, to]) => `${from}>${to}`) : [];
      for (const well of healthy)
        for (const lost of nodes.slice(3))
          expect(cut).toEqual(expect.arrayContaining([`${well}>${lost}`, `${lost}>${well}`]));
    }
  });
});

const live = (request: Partial<PlanRequest> = {}): Test => {
  const test = fakeTest({ nemesis: 'cut', nemesisInterval: 1, concurrency: '2n', liveness: true, ...request });
  return { ...test, system: { ...test.system, claims: () => [majority] } };
};

async function driven(test: Test, behaviour: FakeBehaviour = {}) {
  const journal = new Journal(null);
  const cluster = new FakeCluster(behaviour);
  await drive({ test, cluster, journal, signal: new AbortController().signal });
  return { events: journal.events, marks: marksOf(journal.events), cluster };
}

/** The phase by itself, at 10 ns, when the rest is broken: one node of three. */
function begun(test: Test) {
  const marks: Mark[] = [];
  const clock = { now: instant(10) };
  const world = { now: () => clock.now, after: () => () => {} };
  const healed: Answer<string> = { ok: true, value: '' };
  const faults: Pick<Faults, 'begin' | 'end'> = {
    begin: (_id, _fault, done) => done(healed),
    end: (_id, done) => done(healed),
  };
  const breaking = { active: [], unhealed: 0, stop: (done: () => void) => done() };
  const names = nodeNames(3);
  const phase = Liveness.of({ test, nodes: names, faults, breaking, world, mark: (mark) => void marks.push(mark) });
  if (phase === null) throw new Error('no phase');
  phase.begin();
  const [lost] = marks.flatMap((mark) => (mark.mark === 'begin' ? mark.nodes : []));
  if (lost === undefined) throw new Error('nothing was broken');
  /** A client at `home` has tried every function. */
  const answer = (home: string | undefined, invokedAt: number, type: 'ok' | 'fail' | 'info' = 'ok'): void => {
    const outcome: Outcome = type === 'ok' ? { type, value: null } : { type, error: { code: 11, text: 'No' } };
    for (const f of functions) {
      const call = { f, key: keyName(1), value: null };
      phase.ended({ home: nodeId(home ?? ''), call, invokedAt: instant(invokedAt), outcome });
    }
  };
  return {
    phase,
    lost,
    well: names.filter((node) => node !== lost),
    answer,
    wait: (count: number) => void (clock.now = plus(clock.now, seconds(count))),
    findings: () => marks.flatMap((mark) => (mark.mark === 'finding' ? [mark.text] : [])),
  };
}

const at = (marks: readonly MarkEvent[], phase: string): number =>
  marks.find(({ mark }) => mark.mark === 'phase' && mark.phase === phase)?.at ?? Number.NaN;

const brief = { operationTimeout: 1, attemptTimeout: 1 };

/** Writes get no answer any more once the rest is broken. */
function withoutWrites(): FakeBehaviour {
  const state = { main: true };
  return {
    begin: (fault: Fault) => {
      if (fault.kind === 'partition' && fault.cut.length > 1) state.main = false;
      return { ok: true, value: 'it is broken' };
    },
    serve: (body, map) => (state.main || body.type !== 'write' ? serve(body, map) : null),
  };
}

describe('the liveness phase', () => {
  it('breaks the rest for good, ends the faults of the healthy set, and is over when all was met', async () => {
    const { marks, cluster, events } = await driven(live());
    const phases = marks.flatMap(({ mark }) => (mark.mark === 'phase' ? [mark.phase] : []));
    expect(phases).toEqual(['main', 'liveness', 'heal', 'quiesce', 'final', 'end']);
    expect(at(marks, 'heal') - at(marks, 'liveness')).toBeLessThan(10e9);
    const mine = marks.flatMap(({ mark }) => (mark.mark === 'begin' && mark.nemesis === 'liveness' ? [mark] : []));
    expect(mine).toMatchObject([{ id: 1_000_001, variant: 'partition' }]);
    const story = marks.flatMap(({ mark }) => ('id' in mark && mark.id === 1_000_001 ? [mark.mark] : []));
    expect(story).toEqual(['begin', 'begun', 'end', 'ended']);
    expect(cluster.active.size).toBe(0);
    expect(events.filter(({ f }) => f === 'finding')).toEqual([]);
  });

  it('makes a function that does not succeed again within what is promised a finding', async () => {
    const { marks, events } = await driven(live(brief), withoutWrites());
    const findings = marks.flatMap(({ mark }) =>
      mark.mark === 'finding' && mark.kind === 'liveness' ? [mark.text] : [],
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(
      /^With n\d, n\d left alone for 42 s, these never succeeded: write at n\d, write at n\d\. The last error: The client of process \d+ did not end its write within its 1000 ms\.$/,
    );
    expect(at(marks, 'heal') - at(marks, 'liveness')).toBeGreaterThan(42e9);
    expect(events.at(-1)?.value).toMatchObject({ phase: 'end' });
  });

  it('does not hold against a system what nobody saw while harness stood still', async () => {
    const test = live(brief);
    const frozen = { from: instant(12e9), to: instant(112e9) };
    const { begin, serve: refusing } = withoutWrites();
    const cluster = (until: number): FakeBehaviour => {
      const clock = { now: instant(0) };
      return {
        begin: begin as NonNullable<FakeBehaviour['begin']>,
        inspect: (node, now) => {
          clock.now = now;
          return { ok: true, value: { role: node === 'n1' ? 'leader' : 'follower', term: 1 } };
        },
        serve: (body, map) => (clock.now < until ? (refusing?.(body, map) ?? null) : serve(body, map)),
        standstill: frozen,
      };
    };
    const found = async (until: number) =>
      (await driven(test, cluster(until))).marks.filter(
        ({ mark }) => mark.mark === 'finding' && mark.kind === 'liveness',
      ).length;
    expect(await found(120e9)).toBe(0);
    expect(await found(1e15)).toBe(1);
  });

  it('gives a system as long as it says that it needs', async () => {
    const test = live(brief);
    const claims = (): readonly Claim[] => [{ ...majority, recoversWithin: seconds(300) }];
    const { marks } = await driven({ ...test, system: { ...test.system, claims } }, withoutWrites());
    expect(at(marks, 'heal') - at(marks, 'liveness')).toBeGreaterThan(312e9);
  });

  it('accuses nobody of what is not promised: in bad weather, or where no time is named', async () => {
    const stormy = live({ ...brief, weather: 'loss=0.9' });
    const silent = live(brief);
    const { recoversWithin: _time, ...timeless } = majority;
    const claims = (): readonly Claim[] => [timeless];
    const told: string[] = [];
    for (const test of [stormy, { ...silent, system: { ...silent.system, claims } }]) {
      const { marks } = await driven(test, withoutWrites());
      expect(marks.filter(({ mark }) => mark.mark === 'finding' && mark.kind === 'liveness')).toEqual([]);
      // A note makes the run inconclusive.
      told.push(...marks.flatMap(({ mark }) => (mark.mark === 'note' ? [mark.text] : [])));
    }
    expect(told).toEqual([
      expect.stringMatching(
        /^With n\d, n\d left alone for 42 s, these never succeeded: write at .*, but in weather as bad as was chosen nobody promises how soon it serves\. The last error: /,
      ),
      expect.stringMatching(/: write at .*, but under these options ledger does not say how soon it serves\. /),
    ]);
  });

  it('does not blame the system for what no client tried', async () => {
    const test = live({ set: [] });
    const reading: Test = {
      ...test,
      workload: {
        ...test.workload,
        generator: () => ({
          next: ({ free }) => ({
            kind: 'call',
            process: free[0]!.process,
            call: { f: 'read', key: 'k', value: null },
            rest: reading.workload.generator(null as never),
          }),
        }),
      },
    };
    const { marks } = await driven(reading);
    const notes = marks.flatMap(({ mark }) => (mark.mark === 'note' ? [mark.text] : []));
    expect(notes.join(' ')).toMatch(/left alone for 90 s, no client tried: .*write at n\d/);
    expect(marks.filter(({ mark }) => mark.mark === 'finding')).toEqual([]);
  });

  it('demands nothing where a fault could not be healed: the healthy set may not be well', async () => {
    const { marks } = await driven(live({ operationTimeout: 1, attemptTimeout: 1 }), {
      end: (id) => (id < 1_000_000 ? { ok: false, error: 'it is stuck' } : { ok: true, value: 'it is whole again' }),
      serve: () => null,
    });
    expect(marks.flatMap(({ mark }) => (mark.mark === 'finding' && mark.kind === 'liveness' ? [mark] : []))).toEqual(
      [],
    );
    expect(marks.flatMap(({ mark }) => (mark.mark === 'note' ? [mark.text] : []))).toContain(
      'Not every fault was healed, so no progress was demanded of a healthy part.',
    );
    expect(at(marks, 'heal') - at(marks, 'liveness')).toBeLessThan(2e9);
  });

  it('lets clients go on for a quiet while after the rest was healed', async () => {
    const { marks, events } = await driven(live());
    const healed = marks.findLast(({ mark }) => mark.mark === 'ended')?.at ?? Number.NaN;
    const quiet = events.filter(({ time, type, process }) => process !== 'nemesis' && type === 'ok' && time > healed);
    const before = quiet.filter(({ time }) => time < at(marks, 'quiesce'));
    expect(at(marks, 'quiesce') - healed).toBeGreaterThan(1.4e9);
    expect(before.length).toBeGreaterThan(20);
  });

  it('counts only operations of clients at healthy nodes that began after the rest was broken', () => {
    // Clients move from node to node, so any healthy one may serve.
    const { phase, well, lost, answer } = begun(live({ concurrency: '5' }));
    answer(lost, 11);
    answer(well[0], 9);
    expect(phase.state(false)).toBe('going on');
    answer(well[1], 10);
    expect(phase.state(false)).toBe('over');
  });

  it('is not met by operations that fail, however surely', () => {
    const { phase, well, answer, findings, wait } = begun(live({ concurrency: '5' }));
    answer(well[0], 11, 'fail');
    answer(well[1], 11, 'info');
    expect(phase.state(false)).toBe('going on');
    expect(findings()).toEqual([]);
    wait(90);
    expect(phase.state(false)).toBe('over');
    expect(findings()).toEqual([
      `With ${well.join(', ')} left alone for 90 s, these never succeeded: read, write, cas. The last error: No.`,
    ]);
  });

  it('takes a transaction for served only if it wrote something', () => {
    const test = live({ concurrency: '5' });
    const claims = (): readonly Claim[] => [{ ...majority, operations: ['txn'], live: () => ['txn'] }];
    const workload = { ...test.workload, functions: () => ['txn'] };
    const { phase, well } = begun({ ...test, workload, system: { ...test.system, claims } });
    const answer = (parts: Json, value: Json): void => {
      const call = { f: 'txn', key: noKey, value: parts };
      phase.ended({ home: well[0] ?? nodeId('n1'), call, invokedAt: instant(11), outcome: { type: 'ok', value } });
    };
    const transfer: Json = [
      ['c', 'a', 1],
      ['w', 'a', 2],
    ];
    answer([['r', 'a', null]], { committed: true, parts: [['r', 'a', 1]] });
    answer(transfer, { committed: false, current: [['c', 'a', 2]] });
    expect(phase.state(false)).toBe('going on');
    answer(transfer, { committed: true, parts: transfer });
    expect(phase.state(false)).toBe('over');
  });

  it('demands that each healthy node serves the clients that stay at it', () => {
    const { phase, well, answer, findings, wait } = begun(live({ concurrency: '2n' }));
    answer(well[0], 11);
    answer(well[1], 11, 'fail');
    expect(phase.state(false)).toBe('going on');
    wait(90);
    expect(phase.state(false)).toBe('over');
    const places = functions.map((f) => `${f} at ${well[1]}`).join(', ');
    expect(findings()).toEqual([
      `With ${well.join(', ')} left alone for 90 s, these never succeeded: ${places}. The last error: No.`,
    ]);
  });

  it('waits for what a change of membership, or a limit of the claim, needs, before it breaks the rest', async () => {
    const order = async (test: Test): Promise<readonly string[]> => {
      const { marks } = await driven(test);
      const from = marks.findIndex(({ mark }) => mark.mark === 'phase' && mark.phase === 'liveness');
      return marks.slice(from).flatMap(({ mark }) => {
        if (mark.mark === 'begin') return ['break the rest'];
        return mark.mark === 'end' && mark.id < 1_000_000 ? ['end a fault'] : [];
      });
    };
    // A fault is active when the main phase ends.
    const request = { timeLimit: 2, nemesisInterval: 1.9 };
    expect(await order(live(request))).toEqual(['break the rest', 'end a fault']);
    const limited = live(request);
    const claims = (): readonly Claim[] => [{ ...majority, assumes: { maxDown: 1 } }];
    expect(await order({ ...limited, system: { ...limited.system, claims } })).toEqual([
      'end a fault',
      'break the rest',
    ]);
  });

  it('is left out, with a note, where no claim promises progress', async () => {
    const { marks } = await driven(fakeTest({ liveness: true }));
    expect(marks.flatMap(({ mark }) => (mark.mark === 'note' ? [mark.text] : []))).toEqual([
      'No claim promises progress, so there was no liveness phase.',
    ]);
    expect(at(marks, 'liveness')).toBeNaN();
  });
});
