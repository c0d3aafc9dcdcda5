import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContextEntry, type Recipe, contextOf, labelsOfImage, nameOf } from './recipe.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'harness-recipe-'));
  file = join(folder, 'node');
  await writeFile(file, 'a program');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const entries = (): readonly ContextEntry[] => [
  { kind: 'copy', path: 'root/usr/bin/node', from: file, executable: true },
  { kind: 'link', path: 'root/usr/local/bin/node', to: '/usr/bin/node' },
  { kind: 'text', path: 'root/note', text: 'x', executable: false },
  { kind: 'folder', path: 'root/data' },
];

const recipe = (changes: Partial<Recipe> = {}): Recipe => ({
  role: 'base',
  dockerfile: 'FROM scratch\n',
  entries: entries(),
  architecture: 'arm64',
  parent: null,
  origin: 'this machine',
  base: null,
  ...changes,
});

const changed = (index: number, change: Partial<ContextEntry>): Recipe =>
  recipe({ entries: entries().map((entry, at) => (at === index ? ({ ...entry, ...change } as ContextEntry) : entry)) });

describe('the name of an image', () => {
  it('stays as long as nothing has changed, in whatever order things are listed', async () => {
    const name = await nameOf(recipe());
    expect(name).toMatch(/^harness-base:[0-9a-f]{16}$/);
    expect(await nameOf(recipe({ entries: entries().toReversed() }))).toBe(name);
  });

  it('is another one when anything that goes in is', async () => {
    const before = await nameOf(recipe());
    const others = [
      recipe({ role: 'tools' }),
      recipe({ dockerfile: 'FROM scratch\nENV A=1\n' }),
      recipe({ architecture: 'x64' }),
      recipe({ parent: { name: 'node:22', identity: 'sha256:1' } }),
      recipe({ entries: entries().slice(1) }),
      changed(0, { executable: false }),
      changed(0, { path: 'root/usr/bin/nodejs' }),
      changed(1, { to: '/bin/node' }),
      changed(2, { text: 'y' }),
    ];
    const names = await Promise.all(others.map(nameOf));
    await writeFile(file, 'another program');
    expect(new Set([before, ...names, await nameOf(recipe())]).size).toBe(others.length + 2);
  });

  it('tells a moved tag of its parent from the old one', async () => {
    const of = (identity: string) => nameOf(recipe({ parent: { name: 'node:22', identity } }));
    expect(await of('sha256:1')).not.toBe(await of('sha256:2'));
  });
});

describe('the context of a build', () => {
  it('holds the Dockerfile and every entry, once, with its mode', async () => {
    const twice = recipe({ entries: [...entries(), ...entries()] });
    const { stdout } = await execa('tar', ['-tv', '--numeric-owner', '-f', '-'], { input: await contextOf(twice) });
    const listed = stdout.split('\n').map((line) => line.replace(/^(\S+) .*\d\d:\d\d /, '$1 '));
    expect(listed).toEqual([
      '-rw-r--r-- Dockerfile',
      'drwxr-xr-x root/data',
      '-rw-r--r-- root/note',
      '-rwxr-xr-x root/usr/bin/node',
      'lrw-r--r-- root/usr/local/bin/node -> /usr/bin/node',
    ]);
  });

  it('is refused with the reason when a file cannot be read', async () => {
    await rm(file);
    await expect(contextOf(recipe())).rejects.toThrow(/ENOENT/);
  });
});

describe('the labels of an image', () => {
  it('say that it is ours, and which base somebody named', () => {
    expect(labelsOfImage(recipe())).toEqual({ 'harness.image': 'base', 'harness.origin': 'this machine' });
    expect(labelsOfImage(recipe({ base: 'my/node:22' }))).toMatchObject({ 'harness.base': 'my/node:22' });
  });
});
