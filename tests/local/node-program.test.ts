import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/runtimes/real/exit-codes.ts';
import { ledgerNode } from './programs.ts';

const run = (input: string) => execa(process.execPath, [fileURLToPath(ledgerNode), '-'], { input, reject: false });

describe('a node that reads its configuration from its standard input', () => {
  test('says what is wrong with it', async () => {
    const { exitCode, stdout } = await run('{"system":"ledger"}\n');
    expect(stdout).toContain('The configuration of the node is wrong:');
    expect(exitCode).toBe(exitCodes.cannotStart);
  });

  test.each([['nothing'], ['half a line']])('says so when it ends after %s', async (text) => {
    const { exitCode, stdout } = await run(text === 'nothing' ? '' : text);
    expect(stdout).toBe('The configuration of the node did not come: its standard input ended.');
    expect(exitCode).toBe(exitCodes.cannotStart);
  });
});
