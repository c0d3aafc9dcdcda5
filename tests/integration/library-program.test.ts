/** The compiled command line of the library, as a process of its own. */
import { closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../layers/program.ts';
import { Workplace } from './harness-program.ts';

const program = join(root, 'knossos-ts/bin/knossos-ts');

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
  if (!existsSync(join(root, 'knossos-ts/dist/cli/main.js'))) throw new Error('Run npm run build first.');
});
afterAll(() => place[Symbol.dispose]());

const run = async (words: readonly string[], node: readonly string[] = [], input = '') =>
  execa(process.execPath, [...node, program, ...words], {
    cwd: place.folder,
    reject: false,
    timeout: 100_000,
    input,
    env: { TMPDIR: place.folder },
  });

const line = (index: number, process: number, type: string, f: string, key: number, value: unknown): string =>
  `${JSON.stringify({ index, time: index, process, type, f, key, value })}\n`;

const stale = [
  line(0, 1, 'invoke', 'write', 5, 1),
  line(1, 1, 'ok', 'write', 5, null),
  line(2, 2, 'invoke', 'read', 5, null),
  line(3, 2, 'ok', 'read', 5, null),
].join('');

it('passes its exit codes on, and shows nobody a stack trace', async () => {
  const bad = await run(['check', '-', '--model', 'register'], [], stale);
  expect(bad.stdout).toMatch(/^linearizable as register: false \(0 of 1 key proven; key 5 violated\)\n/);
  expect([bad.exitCode, bad.stderr]).toEqual([1, '']);
  const broken = await run(['check', '-', '--model', 'register'], [], `${stale}{}\n`);
  expect([broken.exitCode, broken.stdout, broken.stderr]).toEqual([
    254,
    '',
    'standard input: Line 5: expected "index" to be a whole number from 0, found nothing.',
  ]);
  expect((await run(['check', '-', '--model', 'register'])).exitCode).toBe(2);
});

it('does not mind when nobody reads its output to the end', async () => {
  writeFileSync(place.path('stale.jsonl'), stale);
  const pipe = `"${process.execPath}" "${program}" check stale.jsonl -m register | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await execa('bash', ['-c', pipe], { cwd: place.folder });
  expect(stdout.split('\n').at(-1)).toBe('1');
  expect(stderr).toBe('');
});

it.each([
  ['the library', `"${program}" check good.jsonl -m register`, 'knossos-ts'],
  ['the harness', `"${join(root, 'bin/harness')}" list`, 'harness'],
])(
  '%s fails with 255, and not with the code of a violation, when its output cannot be written',
  async (_, words, who) => {
    writeFileSync(place.path('good.jsonl'), stale.slice(0, stale.indexOf('{"index":2')));
    const command = `"${process.execPath}" ${words} > /dev/full`;
    const { exitCode, stderr } = await execa('bash', ['-c', command], { cwd: place.folder, reject: false });
    expect(exitCode).toBe(255);
    expect(stderr).toContain(`${who} itself failed: ENOSPC: no space left on device, write`);
    expect(stderr).not.toContain('    at ');
  },
);

/** Keys in turn, each with a writer and a reader; the last read of key 7 is stale. */
function writeLarge(path: string, operations: number, keys: number): void {
  const file = openSync(path, 'w');
  let index = 0;
  for (let round = 0; index < 2 * operations; round++) {
    let page = '';
    const isLast = index + 4 * keys >= 2 * operations;
    for (let key = 0; key < keys; key++) {
      const [writer, reader] = [2 * key, 2 * key + 1];
      page += line(index++, writer, 'invoke', 'write', key, round) + line(index++, reader, 'invoke', 'read', key, null);
      page += line(index++, writer, 'ok', 'write', key, null);
      page += line(index++, reader, 'ok', 'read', key, isLast && key === 7 ? round - 3 : round);
    }
    writeSync(file, page);
  }
  closeSync(file);
}

it('judges a file that is larger than the memory it may use, and leaves nothing behind', async () => {
  const path = place.path('large.jsonl');
  writeLarge(path, 300_000, 100);
  expect(statSync(path).size).toBeGreaterThan(48 * 2 ** 20);

  const { exitCode, stdout, stderr } = await run(
    ['check', path, '--model', 'cas-register'],
    ['--max-old-space-size=32', '--max-semi-space-size=2'],
  );

  expect(stderr).toBe('');
  expect(stdout).toMatch(/^linearizable as cas-register: false \(99 of 100 keys proven; key 7 violated\)\n/);
  expect(stdout).toMatch(/300,000 operations \(jsonl\) read in .* and judged in \d+ parts in /);
  expect(exitCode).toBe(1);
  expect(readdirSync(place.folder).filter((name) => name.startsWith('knossos-'))).toEqual([]);
}, 110_000);

it('ends with what it has when it is interrupted, and removes its temporary files', async () => {
  const path = place.path('large.jsonl');
  const running = execa(
    process.execPath,
    ['--max-old-space-size=32', program, 'check', path, '--model', 'cas-register'],
    { cwd: place.folder, reject: false, timeout: 100_000, env: { TMPDIR: place.folder } },
  );
  const begun = (): boolean => readdirSync(place.folder).some((name) => name.startsWith('knossos-'));
  await expect.poll(begun, { interval: 10, timeout: 60_000 }).toBe(true);

  running.kill('SIGINT');

  const { exitCode, stdout, stderr } = await running;
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^linearizable as cas-register: unknown \(/);
  expect(exitCode).toBe(2);
  expect(begun()).toBe(false);
}, 110_000);
