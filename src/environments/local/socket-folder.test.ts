import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeNames } from '../../core/ids.ts';
import { socketFolder } from './socket-folder.ts';

test('sockets have a folder of their own, and a path that is too long for them is refused before it is made', () => {
  const parent = mkdtempSync(join(tmpdir(), 'sockets-'));
  const folder = socketFolder(nodeNames(3), parent);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(basename(folder)).toMatch(/^harness-run-/);
  const long = join(parent, 'x'.repeat(80));
  expect(() => socketFolder(nodeNames(3), long)).toThrow(/allows 103\. Set TMPDIR to a folder with a shorter path/);
  expect(readdirSync(parent)).toEqual([basename(folder)]);
  rmSync(parent, { recursive: true });
});
