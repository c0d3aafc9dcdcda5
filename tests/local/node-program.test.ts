import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/runtimes/real/exit-codes.ts';
import { inSources } from '../../src/runtimes/real/source-positions.ts';
import { bundle, ledgerNode } from './programs.ts';

const run = (input: string) => execa(process.execPath, [fileURLToPath(ledgerNode), '-'], { input, reject: false });

describe('a node that reads its configuration from its standard input', () => {
  test('says what is wrong with it', async () => {
    const { exitCode, stdout } = await run('{"system":"ledger"}\n');
    expect(stdout).toContain('The configuration of the node is wrong:');
    expect(exitCode).toBe(exitCodes.cannotStart);
  });

  test('reads its first line only', async () => {
    const { exitCode, stdout } = await run('{"system":"ledger"}\nand more');
    expect(stdout).toContain('The configuration of the node is wrong:');
    expect(exitCode).toBe(exitCodes.cannotStart);
  });

  test.each([['nothing'], ['half a line']])('says so when it ends after %s', async (text) => {
    const { exitCode, stdout } = await run(text === 'nothing' ? '' : text);
    expect(stdout).toBe('The configuration of the node did not come: its standard input ended.');
    expect(exitCode).toBe(exitCodes.cannotStart);
  });
});

test('a position in the program of all systems is told as that in the sources', () => {
  const begin = 'class RealDisk ';
  const line =
    readFileSync(bundle, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(begin)) + 1;
  const told = inSources(`at step (${bundle.href}:${line}:1)`);
  const source = /^at step \(src\/runtimes\/real\/disk\.ts:(\d+):\d+\)$/.exec(told)?.[1];
  const sources = readFileSync(new URL('../../src/runtimes/real/disk.ts', import.meta.url), 'utf8');
  expect(sources.split('\n')[Number(source) - 1]).toContain(begin);
});

test('a position in a program without a map stays as it is', () => {
  const stack = `Error: x\n    at step (${import.meta.url}:7:3)\n    at node:internal/timers:1:2`;
  expect(inSources(stack)).toBe(stack);
});

test('so does one whose map is broken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'map-'));
  const program = pathToFileURL(join(folder, 'program.js')).href;
  writeFileSync(join(folder, 'program.js.map'), '{"version":3,');
  expect(inSources(`at step (${program}:7:3)`)).toBe(`at step (${program}:7:3)`);
  rmSync(folder, { recursive: true });
});
