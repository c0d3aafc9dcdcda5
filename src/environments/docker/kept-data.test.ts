import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NodeId } from '../../core/ids.ts';
import { nodeNames } from '../../core/ids.ts';
import { collect } from './holder/volume.ts';
import { keepData } from './kept-data.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kept-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the data of the others is kept when one holder is gone, which is named', async () => {
  for (const node of [n1, n2, n3]) mkdirSync(join(folder, node));
  const there = { collect: async () => [{ name: 'log', bytes: 4, base64: Buffer.from('data').toString('base64') }] };
  const gone = { collect: () => Promise.reject(new Error('it has ended')) };
  const late = {
    collect: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return there.collect();
    },
  };
  const holders = new Map([[n1, gone], [n2, there], [n3, late]]); // prettier-ignore
  await expect(keepData(holders, folder)).rejects.toThrow(/^the data of n1 could not be kept: it has ended$/);
  for (const node of [n2, n3]) expect(readFileSync(join(folder, node, 'data/log'), 'utf8')).toBe('data');
});

test('a file that is too large is named in the log of its node', async () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  mkdirSync(join(folder, n1));
  writeFileSync(join(disk, 'large'), 'x'.repeat(20));
  writeFileSync(join(disk, 'small'), 'y');
  const files = collect(disk, 10);
  expect(files.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'large', bytes: 20, base64: null },
    { name: 'small', bytes: 1, base64: Buffer.from('y').toString('base64') },
  ]);
  await keepData(new Map([[n1, { collect: async () => files }]]), folder);
  expect(readFileSync(join(folder, n1, 'data/small'), 'utf8')).toBe('y');
  expect(readFileSync(join(folder, n1, 'node.log'), 'utf8')).toContain('data/large was not kept: with its 0.0 MiB');
});
