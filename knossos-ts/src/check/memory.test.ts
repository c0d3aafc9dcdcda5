/** What many checks in one process leave behind, in a process of their own, which runs the compiled library. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const library = new URL('../../dist/index.js', import.meta.url).href;

/** Prints the resident memory in MiB after each of so many checks of the same history. */
const script = (checks: number, operations: number): string => `
  const { checkSync } = await import(${JSON.stringify(library)});
  const events = [];
  for (let number = 0; number < ${operations}; number++)
    for (const type of ['invoke', 'ok'])
      events.push({ index: events.length, time: events.length, process: 1, type, f: 'write', key: 1, value: number });
  for (let check = 0; check < ${checks}; check++) {
    if (checkSync(events, { model: 'register' }).verdict.valid !== true) throw new Error('it is legal');
    console.log(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }`;

test('a loop of checks does not take ever more memory', { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script(30, 300_000)]);
  const taken = stdout.trim().split('\n').map(Number);
  expect(taken).toHaveLength(30);
  expect(Math.max(...taken)).toBeLessThan((taken[2] as number) + 350);
});
