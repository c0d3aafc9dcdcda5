import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStoredPlan } from './stored-plan.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'harness-plan-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As it was stored before there was a choice of weather, liveness and limits. */
const plan = {
  system: 'raft',
  bug: null,
  systemOptions: { 'snapshot-every': 100, eager: true },
  workload: 'register',
  workloadOptions: {},
  nemeses: ['kill'],
  environment: 'sim',
  environmentReason: '--env sim was given',
  nodes: ['n1', 'n2', 'n3'],
  concurrency: 6,
  rate: 100,
  timeLimit: 20_000_000_000,
  nemesisInterval: 2_000_000_000,
  seed: 7,
  attemptTimeout: 1_000_000_000,
  operationTimeout: 5_000_000_000,
};
const stored = {
  schema: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  versions: { harness: '0.1.0', node: '20.19.0' },
  command: 'harness test',
  plan,
};

const write = (content: unknown): void => writeFileSync(join(folder, 'test.json'), JSON.stringify(content));

describe('a stored plan', () => {
  test('of old has the weather, the limits and the phases of its time', () => {
    write(stored);
    const weather = {};
    const nodeLimits = { memory: null, cpus: null };
    expect(readStoredPlan(folder)).toEqual({ ...stored, plan: { ...plan, weather, nodeLimits, liveness: false } });
  });

  test.each([
    ['another schema', { ...stored, schema: 2 }, 'schema: Invalid type: Expected 1 but received 2'],
    ['no nodes', { ...stored, plan: { ...plan, nodes: [] } }, 'plan.nodes: Invalid length'],
    ['half a client', { ...stored, plan: { ...plan, concurrency: 1.5 } }, 'plan.concurrency: Invalid safe integer'],
    ['no rate', { ...stored, plan: { ...plan, rate: 0 } }, 'plan.rate: Invalid value: Expected >0 but received 0'],
    ['a negative time', { ...stored, plan: { ...plan, timeLimit: -1 } }, 'plan.timeLimit: expected nanoseconds'],
    [
      'options in a list',
      { ...stored, plan: { ...plan, systemOptions: [] } },
      'systemOptions: expected values by name',
    ],
    ['an option of no kind', { ...stored, plan: { ...plan, workloadOptions: { keys: null } } }, 'workloadOptions.keys'],
    ['a delay without an end', { ...stored, plan: { ...plan, weather: { delay: [1] } } }, 'plan.weather.delay'],
    ['weather in a list', { ...stored, plan: { ...plan, weather: [] } }, 'plan.weather: expected values by name'],
    ['nothing', null, 'all of it: Invalid type: Expected Object but received null'],
  ])('with %s is refused, with the path of what is wrong', (_what, content, reason) => {
    write(content);
    expect(() => readStoredPlan(folder)).toThrow(reason);
  });

  test('that is not there is a hint at what a run is', () => {
    expect(() => readStoredPlan(folder)).toThrow('Give the folder of a run, as in store/latest.');
  });
});
