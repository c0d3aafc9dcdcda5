/** The whole program on virtual time, from its words to its exit code. */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './harness-program.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place[Symbol.dispose]());

const simulated = (...more: readonly string[]) => place.harness('test', '--system', 'raft', '--env', 'sim', ...more);
const history = (store: string): string => readFileSync(place.path(store, 'latest/history.jsonl'), 'utf8');
const traceIn = (out: string): string => /trace\s+.*hash (\w{16})/.exec(out)?.[1] ?? out;

describe('the weather of the simulated network', () => {
  it('is what the plan says: where every frame is lost, nobody is elected', async () => {
    const { code, out } = await simulated(
      '--weather',
      'loss=1',
      '--time-limit',
      '1',
      '--seed',
      '1',
      '--store',
      'storm',
    );
    expect(out).toMatch(/operations  \d+: 0 ok/);
    expect(out).toContain('harness test --system raft --time-limit 1 --weather loss=1 --env sim --seed 1');
    expect(code).toBe(2);
  });
});

describe('a simulated run', () => {
  it('of correct Raft under every nemesis exits 0, says the environment first and how to repeat it', async () => {
    const { code, out } = await simulated('--nemesis', 'partition,kill,pause', '--seed', '1');
    const lines = out.split('\n');
    expect(lines[0]).toBe('Environment: sim, because --env sim was given. Seed: 1.');
    expect(out).toContain('✓ Raft kept its promise: linearizable.');
    expect(out).toContain('harness test --system raft --nemesis partition,kill,pause --env sim --seed 1');
    expect(code).toBe(0);
    expect(readdirSync(place.path('store/latest/')).toSorted()).toEqual([
      'harness.log',
      'history.edn',
      'history.jsonl',
      'index.html',
      'results.json',
      'schedule.json',
      'test.json',
    ]);
  });

  it('of Raft with local reads keeps the sequential consistency that it claims, and is not linearizable', async () => {
    const { code, out } = await simulated('--set', 'reads=local', '--nemesis', 'partition', '--seed', '5');
    expect(out).toContain('✓ Raft kept its promise: sequential.');
    expect(out).toMatch(/✗ linearizable {2}not claimed, not kept: \d+ of \d+ keys proven; \d+ keys violated/);
    expect(out).toMatch(/staleness {3}\d+ of [\d,]+ reads behind/);
    expect(code).toBe(0);
  });

  it('with the session token dropped breaks that promise, and says that it is read-your-writes that broke', async () => {
    const { code, out } = await simulated('--bug', 'drop-session-token', '--nemesis', 'partition', '--seed', '1');
    expect(out).toContain('Raft with the bug drop-session-token broke its promise: sequential.');
    expect(out).toMatch(/✗ sequential +claimed, violated: read-your-writes is broken/);
    expect(out).toMatch(
      /because {5}Process \d+ read \d+ from key k\d+ at node n\d, although the same process had already/,
    );
    expect(out).toContain('so even read-your-writes is broken');
    expect(code).toBe(1);
  });

  it('of the workload converge says when the nodes agreed, and analyze says the same', async () => {
    const words = ['--workload', 'converge', '--nemesis', 'partition,kill', '--seed', '2', '--store', 'agreed'];
    const { code, out } = await simulated(...words);
    const agreed = /✓ eventual .*all 5 nodes agree on 10 keys, \d+ ms after healing at the latest; 0 acknowledged/;
    expect(out).toMatch(agreed);
    expect(code).toBe(0);
    const again = await place.harness('analyze', place.path('agreed', 'latest'));
    expect(again.out).toMatch(agreed);
    expect(again.out.match(agreed)?.[0]).toBe(out.match(agreed)?.[0]);
  });

  it('is the same to the byte for the same seed, and another for another seed', async () => {
    const run = async (store: string, seed: string) =>
      traceIn(
        (await simulated('--nemesis', 'partition,kill', '--seed', seed, '--time-limit', '8', '--store', store)).out,
      );
    const [one, same, other] = [await run('a', '5'), await run('b', '5'), await run('c', '6')];
    expect(one).toMatch(/^\w{16}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(history('b')).toBe(history('a'));
    expect(history('c')).not.toBe(history('a'));
  });

  it('finds stale-read within some seeds, stops there, and says how to repeat exactly that seed', async () => {
    const words = ['--bug', 'stale-read', '--nemesis', 'partition', '--time-limit', '10', '--store', 'stale'];
    const batch = await simulated(...words, '--test-count', '30', '--seed', '1');
    expect(batch.code).toBe(1);
    const seed = /Repeat exactly this seed with:\n {2}harness test .* --seed (\d+)$/m.exec(batch.out)?.[1];
    expect(seed).toBeDefined();
    const again = await simulated(...words.slice(0, -1), 'again', '--seed', seed ?? '');
    expect(again.code).toBe(1);
    expect(traceIn(again.out)).toBe(traceIn(batch.out));
    expect(history('again')).toBe(history('stale'));
  });

  it('in a batch prints the sums, and keeps the first seed', async () => {
    const { code, out } = await simulated(
      '--nemesis',
      'kill',
      '--time-limit',
      '8',
      '--test-count',
      '6',
      '--seed',
      '3',
      '--store',
      'many',
    );
    expect(out).toMatch(/All 6 seeds kept the promise\./);
    expect(out).toMatch(/ {2}seeds {7}6 \(3 to 8\): /);
    expect(out).toMatch(/ {2}conclusive {2}\d+\.\d% of the seeds by themselves/);
    expect(out).toMatch(/ {2}operations {2}[\d,]+ ok, \d+ fail, \d+ info/);
    expect(out).toMatch(/ {2}faults {6}proven: kill \d+/);
    expect(out).toMatch(/ {2}leaders {5}\d+ changes/);
    expect(out).toMatch(/ {2}speed {7}[\d.]+ seeds\/s, [\d,]+ events\/s, /);
    expect(out).toContain('kept        seed 3: many/raft-register-kill/');
    expect(code).toBe(0);
    expect(readdirSync(place.path('many/raft-register-kill'))).toHaveLength(2);
  });

  it('that tested nothing is inconclusive, and exits 2', async () => {
    const { code, out } = await simulated('--time-limit', '0.1', '--rate', '1', '--store', 'idle', '--seed', '1');
    expect(out).toContain('? The run proved too little to say whether Raft keeps its promise.');
    expect(code).toBe(2);
  });

  it('prints nothing but its results with --json', async () => {
    const { code, out } = await simulated('--json', '--time-limit', '3', '--store', 'json', '--seed', '1');
    const report = JSON.parse(out) as {
      readonly outcome: { readonly exitCode: number };
      readonly plan: { readonly seed: number };
    };
    expect(report.plan.seed).toBe(1);
    expect(code).toBe(report.outcome.exitCode);
    expect(`${out}\n`).toBe(readFileSync(place.path('json/latest/results.json'), 'utf8'));
  });
});
