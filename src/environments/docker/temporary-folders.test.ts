import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Owner } from './labels.ts';
import { ownOwner } from './labels.ts';
import { reapFolders, systemIn, temporaryFolder } from './temporary-folders.ts';

let parent = '';
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'folders-'))));
afterEach(() => rmSync(parent, { recursive: true }));

const own = ownOwner();
/** The pid is somebody else's by now. */
const dead: Owner = { ...own, process: { ...own.process, startedAt: 'long ago' } };

test('folders of dead owners are removed with all that is in them, and only once', () => {
  const folders = [temporaryFolder('debian', parent, dead), temporaryFolder('docker', parent, dead)];
  for (const folder of folders) mkdirSync(join(folder, 'n1', 'records'), { recursive: true });
  expect(reapFolders(parent).toSorted()).toEqual(folders);
  expect(readdirSync(parent)).toEqual([]);
  expect(reapFolders(parent)).toEqual([]);
});

test('what belongs to the living, to another machine, to nobody known or to somebody else is left alone', () => {
  temporaryFolder('docker', parent);
  temporaryFolder('docker', parent, { ...dead, scope: { ...own.scope, machine: 'another' } });
  const unnamed = mkdtempSync(join(parent, 'harness-docker-'));
  const garbled = temporaryFolder('docker', parent, dead);
  writeFileSync(join(garbled, 'owner.json'), '{"process":');
  const foreign = join(parent, 'harness-docker-notes');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'owner.json'), JSON.stringify(dead));
  expect(reapFolders(parent)).toEqual([]);
  expect([unnamed, garbled, foreign].every((folder) => existsSync(folder))).toBe(true);
  expect(readdirSync(parent)).toHaveLength(5);
});

test('a system in which something is mounted is left alone', () => {
  const folder = temporaryFolder('debian', parent, dead);
  mkdirSync(join(systemIn(folder), 'proc', 'self'), { recursive: true });
  expect(reapFolders(parent)).toEqual([]);
});
