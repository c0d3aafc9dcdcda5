/** One run for every state that a report can be in, as like to real ones as hand-written ones can be. */
import type { Counterexample, HistoryEvent, Operation } from 'knossos-ts';
import type { ModelReport, Refutation, RunReport } from '../../src/report/run-report.ts';
import { kill, partition, pause } from './faults.ts';
import { type Told, bystanders, tell } from './story.ts';

export interface Fixture {
  readonly run: RunReport;
  readonly history: readonly HistoryEvent[];
}

const staleRead: readonly Told[] = [
  { process: 1, f: 'write', key: '17', input: 41, from: 17.945, to: 17.9521, node: 'n2' },
  { process: 3, f: 'write', key: '17', input: 42, from: 18.2056, to: 18.5029, node: 'n3' },
  { process: 7, f: 'read', key: '17', output: 41, from: 18.934, to: 18.9362, node: 'n1' },
];

const around: readonly Told[] = [
  ...bystanders('17', (at) => (at < 18.4 ? 41 : 42), 14),
  {
    process: 36,
    f: 'cas',
    key: '17',
    input: [40, 45],
    output: { swapped: false, current: 42 },
    from: 18.61,
    to: 18.66,
  },
  { process: 32, f: 'write', key: '17', input: 43, from: 18.7, to: null, type: 'info' },
  { process: 12, f: 'write', key: '17', input: 44, from: 18.3, to: 18.42, type: 'fail', node: 'n2' },
];

const lostWrite: readonly Told[] = [
  { process: 14, f: 'write', key: '23', input: 7, from: 33.08, to: 33.0861, node: 'n2' },
  { process: 26, f: 'read', key: '23', output: 7, from: 33.1, to: 33.1043, node: 'n2' },
  { process: 18, f: 'write', key: '23', input: 8, from: 33.15, to: 38.15, type: 'info' },
  { process: 9, f: 'read', key: '23', output: null, from: 38.62, to: 38.6244, node: 'n4' },
];

const told = tell([...staleRead, ...around, ...lostWrite]);

const operation = (which: number): Operation => told.operations[which] as Operation;

export function staleReadCounterexample(): Counterexample {
  const [one, two, read] = [operation(0), operation(1), operation(2)];
  return {
    key: '17',
    sentence: 'Process 7 read 41 from key 17 at node n1, 431 ms after process 3 had been told that 42 was written.',
    operations: [one, two, read],
    impossible: read.id,
    order: [
      { operation: one.id, state: '41' },
      { operation: two.id, state: '42' },
    ],
    rejected: { operation: read.id, why: 'the value is 42 here, and the read saw 41' },
    forced: [
      {
        before: one.id,
        after: two.id,
        rule: 'real-time',
        why: 'Process 1 finished write 41 before process 3 began write 42.',
      },
      {
        before: two.id,
        after: read.id,
        rule: 'real-time',
        why: 'Process 3 finished write 42 before process 7 began read 41.',
      },
      { before: one.id, after: read.id, rule: 'reads-from', why: 'Only process 1 ever wrote 41.' },
    ],
    alternatives: [
      { title: 'The read of 41 came before write 42', why: 'Write 42 had finished 431 ms before the read began.' },
      { title: 'Write 41 came after write 42', why: 'Write 41 had finished 254 ms before write 42 began.' },
      { title: 'Write 42 never took effect', why: 'It was acknowledged, and eight reads had returned 42.' },
      { title: 'Another write put 41 back', why: 'Values are unique: only process 1 ever wrote 41.' },
    ],
    verified: true,
  };
}

function lostWriteCounterexample(): Counterexample {
  const first = staleRead.length + around.length;
  const [write, seen, open, read] = [
    operation(first),
    operation(first + 1),
    operation(first + 2),
    operation(first + 3),
  ];
  return {
    key: '23',
    sentence: 'Process 9 read null from key 23 at node n4, 5.5 s after process 14 had been told that 7 was written.',
    operations: [write, seen, open, read],
    impossible: read.id,
    order: [
      { operation: write.id, state: '7' },
      { operation: seen.id, state: '7' },
      { operation: open.id, state: '8' },
    ],
    rejected: { operation: read.id, why: 'the value is 8 here, and the read saw null' },
    forced: [
      { before: write.id, after: seen.id, rule: 'reads-from', why: 'Only process 14 ever wrote 7.' },
      {
        before: seen.id,
        after: read.id,
        rule: 'real-time',
        why: 'Process 26 had read 7 before process 9 began to read.',
      },
    ],
    alternatives: [{ title: 'The key had never been written', why: 'Process 26 had read 7 from it.' }],
    verified: true,
  };
}

const linearizable: ModelReport = {
  model: 'linearizable',
  claimed: true,
  judged: true,
  valid: true,
  summary: '51 of 51 keys proven',
  keys: { proven: 51, violated: 0, undecided: 0 },
  counterexamples: [],
};

const noKeys = { proven: 0, violated: 0, undecided: 0 };

const command = 'harness test --system raft --nemesis partition,kill,pause --time-limit 60 --env local --seed 42';

const base: RunReport = {
  schema: 1,
  name: 'raft-register-partition+kill+pause/20261120T134502.123Z',
  startedAt: '2026-11-20T13:45:02.123Z',
  versions: { harness: '0.1.0', node: '20.20.0' },
  plan: {
    system: 'raft',
    bug: null,
    systemOptions: { heartbeat: 100, preVote: true },
    workload: 'register',
    workloadOptions: { keys: 5, reads: 0.5, writes: 0.3 },
    nemeses: ['partition', 'kill', 'pause'],
    environment: 'local',
    environmentReason: 'no Docker engine answered',
    nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
    concurrency: 10,
    rate: 160,
    timeLimit: 60,
    nemesisInterval: 10,
    seed: 42,
  },
  command,
  outcome: {
    kind: 'valid',
    exitCode: 0,
    headline: 'Raft kept its promise: linearizable.',
    reasons: ['All 51 keys have an order that explains them.', '3,615 operations succeeded while a fault was active.'],
  },
  models: [linearizable],
  counts: { operations: 9787, ok: 8182, fail: 1547, info: 58, okDuringFaults: 3615 },
  functions: [
    { f: 'read', operations: 4893, ok: 4410, fail: 483, info: 0 },
    { f: 'write', operations: 2936, ok: 2360, fail: 540, info: 36 },
    { f: 'cas', operations: 1958, ok: 1412, fail: 524, info: 22 },
  ],
  coverage: [
    { name: 'read', met: true, text: '4,410 reads returned ok' },
    { name: 'write', met: true, text: '2,360 writes returned ok' },
    { name: 'cas', met: true, text: 'cas swapped 312 times' },
    { name: 'observed', met: true, text: '3,902 reads saw the write of another process' },
  ],
  faults: [partition, kill, pause],
  findings: [],
  durations: { setup: 4.2, run: 60, check: 0.09 },
  leaderChanges: 4,
  trace: null,
  files: [
    { path: 'test.json', summary: 'the expanded plan' },
    { path: 'history.jsonl', summary: '19,574 events' },
    { path: 'results.json', summary: 'verdicts, schema 1' },
    { path: 'nodes/n1/node.log', summary: 'log of n1' },
  ],
};

const violatedModel = (counterexamples: readonly Counterexample[]): ModelReport => ({
  ...linearizable,
  valid: false,
  summary: '21 of 51 keys violated',
  keys: { proven: 30, violated: 21, undecided: 0 },
  counterexamples,
});

export const valid = (): Fixture => ({ run: base, history: told.events });

/** A correct system that broke its promise: what must look alarming. */
export const violated = (): Fixture => ({
  run: {
    ...base,
    outcome: {
      kind: 'violated',
      exitCode: 1,
      headline: 'Raft promised linearizable and did not keep it.',
      reasons: ['21 of 51 keys have reads that no order can explain.'],
    },
    models: [
      violatedModel([staleReadCounterexample(), lostWriteCounterexample()]),
      { ...linearizable, model: 'sequential', claimed: false, summary: 'one order explains all 51 keys' },
    ],
  },
  history: told.events,
});

/** The same with a planted bug: the harness has done its work. */
export function planted(): Fixture {
  const { run, history } = violated();
  const reasons = [...run.outcome.reasons, 'The planted bug stale-read was found.'];
  const outcome = { ...run.outcome, reasons };
  return { run: { ...run, outcome, plan: { ...run.plan, bug: 'stale-read' } }, history };
}

export const unknown = (): Fixture => ({
  run: {
    ...base,
    outcome: {
      kind: 'unknown',
      exitCode: 2,
      headline: 'Undecided: key 17 could not be proved within 2 GB.',
      reasons: ['50 of 51 keys are proven.', 'Key 17 has 23 operations that were never answered.'],
    },
    models: [
      {
        ...linearizable,
        valid: 'unknown',
        summary: '50 of 51 keys proven; key 17 undecided: memory',
        keys: { proven: 50, violated: 0, undecided: 1 },
      },
    ],
  },
  history: told.events,
});

export const inconclusive = (): Fixture => ({
  run: {
    ...base,
    outcome: {
      kind: 'inconclusive',
      exitCode: 2,
      headline: 'Inconclusive: the second fault was never proved.',
      reasons: ['What was checked is linearizable, but the run proved too little.'],
    },
    coverage: [
      ...base.coverage.slice(0, 2),
      { name: 'cas', met: false, text: 'no cas swapped; raise --time-limit or the share of cas' },
      { name: 'fault 3', met: false, text: 'kill n2 n5 was never proved: no probe answered within 2 s' },
    ],
    faults: [
      partition,
      {
        ...kill,
        endedAt: null,
        proof: { held: false, text: 'no probe answered within 2 s' },
        healed: { held: false, text: 'the run ended before it was healed' },
      },
    ],
  },
  history: told.events,
});

export const finding = (): Fixture => ({
  run: {
    ...base,
    outcome: {
      kind: 'finding',
      exitCode: 1,
      headline: 'Raft kept linearizable, but n3 crashed by itself.',
      reasons: ['A step of n3 threw at 12.30 s.'],
    },
    findings: [
      {
        kind: 'crash',
        node: 'n3',
        at: 12.3041e9,
        text: 'Invariant broken: commit index 811 beyond the last entry 809\n    at Raft.step (raft/protocol.ts:211:9)\n    at Host.take (protocol/host.ts:88:7)',
      },
    ],
  },
  history: told.events,
});

/** Nothing was broken, and nothing is to be shown but the verdict. */
export const calm = (): Fixture => ({
  run: {
    ...base,
    plan: { ...base.plan, nemeses: [], bug: null },
    counts: { ...base.counts, okDuringFaults: 0 },
    faults: [],
    leaderChanges: null,
    trace: { events: 1_204_511, hash: '9f2c61d04be7a3180c55d6e2' },
  },
  history: [],
});

/** A weaker promise that was kept: what nobody promised is not kept, and must not look alarming. */
export const unpromised = (): Fixture => ({
  run: {
    ...base,
    outcome: { ...base.outcome, headline: 'Raft kept its promise: sequential.' },
    models: [
      { ...violatedModel([staleReadCounterexample()]), claimed: false, judged: false },
      { ...linearizable, model: 'sequential', summary: 'nothing in the whole history breaks it', keys: noKeys },
      {
        ...linearizable,
        model: 'pram',
        claimed: false,
        judged: false,
        summary: 'follows from sequential',
        keys: noKeys,
      },
    ],
    consistency: { holds: ['sequential'], breaks: ['linearizable'] },
    staleness: {
      reads: 4410,
      stale: 380,
      undecided: 0,
      writes: {
        p50: 0,
        p99: 3,
        max: 9,
        histogram: [4030, 250, 80, 40, 7, 3].map((of, bin) => ({ upTo: bin === 0 ? 0 : 2 ** (bin - 1), count: of })),
      },
      delta: { kind: 'delta', nanoseconds: 187.5e6 },
      age: {
        p50: 0,
        p99: 44.2e6,
        max: 165e6,
        histogram: [
          { upTo: 0, count: 4030 },
          { upTo: 2 ** 25, count: 330 },
          { upTo: 2 ** 26, count: 40 },
          { upTo: 2 ** 27, count: 0 },
          { upTo: 2 ** 28, count: 10 },
        ],
      },
    },
    convergence: { valid: true, keys: 10, nodes: 5, agreed: 10, after: 202e6, lost: 0 },
  },
  history: told.events,
});

/** The weaker promise was broken too, and so was the least that clients rely on. */
export function forgetful(): Fixture {
  const { run, history } = unpromised();
  const [write, read] = [operation(0), operation(2)];
  const refutation: Refutation = {
    sentence: 'Process 7 read 41 from key 17, although the same process had already read 42.',
    operations: [write, read],
    cycle: [
      { from: write.id, to: read.id, rule: 'reads-from', why: 'process 7 read what process 1 wrote', because: [] },
      { from: read.id, to: write.id, rule: 'session', why: 'process 7 did one after the other', because: [] },
    ],
    verified: true,
  };
  const broken = { valid: false, refutation, keys: noKeys, counterexamples: [] } as const;
  const models: readonly ModelReport[] = [
    ...run.models.slice(0, 1),
    {
      model: 'sequential',
      claimed: true,
      judged: true,
      ...broken,
      summary: 'read-your-writes is broken',
      impliedBy: 'read-your-writes',
    },
    { model: 'read-your-writes', claimed: false, judged: false, ...broken, summary: 'broken by 2 operations' },
  ];
  const outcome = {
    kind: 'violated',
    exitCode: 1,
    headline: 'Raft broke its promise: sequential.',
    reasons: [],
  } as const;
  return { run: { ...run, models, outcome, consistency: { holds: [], breaks: ['read-your-writes'] } }, history };
}

export const fixtures: { readonly [name: string]: () => Fixture } = {
  valid,
  violated,
  planted,
  unknown,
  inconclusive,
  finding,
  calm,
  unpromised,
  forgetful,
};
