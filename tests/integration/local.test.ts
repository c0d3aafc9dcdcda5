/** The whole program on real processes of this machine. Short runs: what they find is the business of other tests. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './harness-program.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place[Symbol.dispose]());

const program = fileURLToPath(new URL('../../bin/harness', import.meta.url));
const words = [
  'test',
  '--system',
  'raft',
  '--env',
  'local',
  '--node-count',
  '3',
  '--nemesis-interval',
  '1',
  '--seed',
  '1',
];

interface Results {
  readonly outcome: { readonly kind: string; readonly exitCode: number; readonly reasons: readonly string[] };
  readonly counts: { readonly ok: number; readonly okDuringFaults: number };
  readonly faults: readonly {
    readonly proof: { readonly held: boolean };
    readonly healed: { readonly held: boolean };
  }[];
}

const resultsIn = (store: string): Results =>
  JSON.parse(readFileSync(place.path(store, 'latest/results.json'), 'utf8')) as Results;

describe('a run on local processes', () => {
  it('of Raft with local reads is sequential and not linearizable, and its nodes agree in the end', async () => {
    const more = ['--set', 'reads=local', '--workload', 'converge', '--nemesis', 'partition', '--time-limit', '10'];
    const { code, out } = await place.harness(...words, ...more, '--store', 'stale');
    expect(out).toContain('✓ Raft kept its promise: sequential.');
    expect(out).toMatch(/✗ linearizable +not claimed, not kept/);
    expect(out).toMatch(/✓ eventual .*all 3 nodes agree on 10 keys/);
    expect(code).toBe(0);
  });

  it('of correct Raft under partitions is valid, with faults that were proven and healed', async () => {
    const { code, out } = await place.harness(
      ...words,
      '--nemesis',
      'partition',
      '--time-limit',
      '10',
      '--store',
      'cut',
    );
    expect(out).toContain('✓ Raft kept its promise: linearizable.');
    expect(code).toBe(0);
    const { counts, faults } = resultsIn('cut');
    expect(counts.ok).toBeGreaterThan(100);
    expect(counts.okDuringFaults).toBeGreaterThan(0);
    expect(faults.length).toBeGreaterThan(1);
    expect(faults.every(({ proof, healed }) => proof.held && healed.held)).toBe(true);
  });

  it('heals, stops and judges what there is when it is interrupted', async () => {
    const running = execa(
      process.execPath,
      [program, ...words, '--nemesis', 'pause', '--time-limit', '60', '--store', 'stop'],
      {
        cwd: place.folder,
        reject: false,
        timeout: 50_000,
        env: { NO_COLOR: '1' },
      },
    );
    const deadline = performance.now() + 30_000;
    const broken = (): boolean => {
      try {
        return readFileSync(place.path('stop/latest/history.jsonl'), 'utf8').includes('"mark":"begun"');
      } catch {
        return false;
      }
    };
    while (!broken() && performance.now() < deadline) await new Promise((resume) => setTimeout(resume, 50));
    running.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running;
    expect(stderr).toContain('Interrupted: healing the faults, stopping the nodes, then judging what there is.');
    expect(stdout).toContain('The run was interrupted before its time limit. Run it again.');
    expect(exitCode).toBe(2);
    const { faults } = resultsIn('stop');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every(({ healed }) => healed.held)).toBe(true);
  });

  it('leaves a history that can be analysed when it is killed', async () => {
    const running = execa(process.execPath, [program, ...words, '--time-limit', '60', '--store', 'killed'], {
      cwd: place.folder,
      reject: false,
      timeout: 50_000,
      env: { NO_COLOR: '1' },
    });
    const deadline = performance.now() + 30_000;
    const history = (): string => {
      try {
        return readFileSync(place.path('killed/latest/history.jsonl'), 'utf8');
      } catch {
        return '';
      }
    };
    while (history().split('\n').length < 100 && performance.now() < deadline)
      await new Promise((resume) => setTimeout(resume, 50));
    running.kill('SIGKILL');
    await running;
    const { code, out } = await place.harness('analyze', 'killed/latest');
    expect(out).toContain('The history has no end mark: the run was cut short. Run it again.');
    expect(out).toMatch(/models {6}✓ linearizable/);
    expect(code).toBe(2);
  });
});
