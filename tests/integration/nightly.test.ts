/** The nightly job, as far as it can be looked at without the service that runs it. Its commands are run by people, too. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { systems } from '../../systems/index.ts';

const root = join(import.meta.dirname, '..', '..');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: { readonly [name: string]: string | number };
}

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly jobs: {
    readonly containers: {
      readonly strategy: { readonly 'fail-fast': boolean; readonly matrix: { readonly system: readonly string[] } };
      readonly steps: readonly Step[];
    };
  };
}

const text = readFileSync(join(root, '.github/workflows/nightly.yml'), 'utf8');
const workflow = parse(text) as Workflow;
const { strategy, steps } = workflow.jobs.containers;

test('every system has a job of its own, every night, and one that fails does not stop the others', () => {
  expect(strategy).toEqual({ 'fail-fast': false, matrix: { system: Object.keys(systems) } });
  expect(workflow.on.schedule.map(({ cron }) => cron.split(' '))).toEqual([['17', '2', '*', '*', '*']]);
});

test('a job does what the README says: install, and run the system under every nemesis', () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands).toEqual(['npm ci', '.ci/nightly ${{ matrix.system }}']);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toContain('npm ci');
  expect(readme).toContain('.ci/nightly quorum');
  accessSync(join(root, '.ci/nightly'), constants.X_OK);
});

test('the reports are kept, also of a night that failed', () => {
  const [upload] = steps.filter(({ uses = '' }) => uses.startsWith('actions/upload-artifact@'));
  expect(upload).toMatchObject({ if: 'always()', with: { path: 'store', name: 'reports-${{ matrix.system }}' } });
});

test('the script fails where nothing was run, and says what it wants', () => {
  const script = (...words: readonly string[]) => kept(join(root, 'store'), ...words);
  const kept = (store: string, ...words: readonly string[]) =>
    execaSync(join(root, '.ci/nightly'), words, { reject: false, env: { STORE: store } });
  const mute = script();
  expect([mute.exitCode, mute.stderr]).toEqual([254, 'Say what to test: .ci/nightly SYSTEM [NEMESIS...]']);
  const unknown = script('abacus', 'kill');
  expect(unknown.exitCode).toBe(1);
  expect(unknown.stdout).toMatch(
    /FAIL {2}abacus under kill: exit 254\nabacus: 0 passed, 1 failed, 0 cannot be had here$/,
  );
  // A disk that is full half-way through the night is no nemesis that cannot be had.
  expect(kept('/dev/null/store', 'quorum', 'kill').stdout).toMatch(/quorum: 0 passed, 1 failed, 0 cannot be had here$/);
});
