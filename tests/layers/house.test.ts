import { constants } from 'node:fs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isExportAssignment, isExportSpecifier, ModifierFlags, SyntaxKind, type Node } from 'typescript/unstable/ast';
import { describe, expect, it } from 'vitest';
import { isTest, openCanaries, openSources, root, type Source } from './program.ts';

interface LockEntry {
  readonly resolved?: string;
  readonly optionalDependencies?: { readonly [name: string]: string };
}

const readLock = (): { readonly [path: string]: LockEntry } =>
  (JSON.parse(read('package-lock.json')) as { packages: { [path: string]: LockEntry } }).packages;

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the house', () => {
  it('has every room that ARCHITECTURE.md names', () => {
    const rooms = [...read('ARCHITECTURE.md').matchAll(/^\| `([^`]+\/)` +\|/gm)].map((match) => match[1] ?? '');
    expect(rooms).toContain('src/protocol/');
    expect(rooms.filter((room) => !isFolder(room))).toEqual([]);
    expect(
      readdirSync(join(root, 'src')).filter((name) => isFolder(`src/${name}`) && !rooms.includes(`src/${name}/`)),
    ).toEqual([]);
  });

  it('can be started: bin/harness is an executable file that needs no build of its own', () => {
    expect(statSync(join(root, 'bin/harness')).mode & constants.S_IXUSR).not.toBe(0);
    expect(statSync(join(root, '.ci/run')).mode & constants.S_IXUSR).not.toBe(0);
    expect(read('bin/harness').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it('names no registry in its lock file: only the workspace itself is resolved', () => {
    const resolved = Object.values(readLock()).flatMap((entry) => entry.resolved ?? []);
    expect(resolved).toEqual(['knossos-ts']);
  });

  it('locks the optional dependencies of every platform, without which npm ci refuses the lock file', () => {
    const lock = readLock();
    const missing = Object.entries(lock).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in lock) && !(`${path}/node_modules/${name}` in lock),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('keeps knossos-ts free of dependencies', () => {
    const library = JSON.parse(read('knossos-ts/package.json')) as object;
    const kinds = ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'];
    expect(kinds.filter((kind) => kind in library)).toEqual([]);
  });
});

/** Most files have 70 to 150 lines. Tests and their fixtures are told at more length, and are read one case at a time. */
const longest = (path: string): number => (isTest(path) ? 400 : 300);

/** A file that is allowed to be longer, and why. */
const longFiles: { readonly [path: string]: string } = {};

describe('the files', () => {
  using program = openSources();
  const { sources } = program;
  const paths = sources.map(({ path }) => path);

  it('have at most 300 lines, or 400 in tests, or a listed reason to have more', () => {
    const long = sources
      .filter(({ path, tree }) => tree.getLineStarts().length - 1 > longest(path))
      .map(({ path }) => path);
    expect(long.filter((path) => !(path in longFiles))).toEqual([]);
  });

  it('are named after what they hold, in kebab-case', () => {
    expect(paths.filter((path) => !isNamedWell(path))).toEqual([]);
    expect(
      ['src/utils.ts', 'src/x/helpers.ts', 'common.test.ts', 'types.ts', 'src/camelCase.ts'].filter(isNamedWell),
    ).toEqual([]);
    expect(isNamedWell('src/runtimes/real/peer-link.test.ts')).toBe(true);
  });

  it('export names only; a default export is for configuration', () => {
    expect(sources.filter(hasDefaultExport).map(({ path }) => path)).toEqual(['vitest.config.ts']);
    const forms = ['export default 1;', 'export default function f() {}', 'const a = 1;\nexport { a as default };'];
    using canaries = openCanaries(forms.map((text, index) => ({ path: `x${index}.ts`, text })));
    expect(canaries.sources.map(hasDefaultExport)).toEqual([true, true, true]);
  });
});

const isFolder = (path: string): boolean =>
  statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;

function isNamedWell(path: string): boolean {
  const name = basename(path).replace(/(\.test|\.config|\.d)?\.ts$/, '');
  return (
    /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) &&
    !['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc'].includes(name)
  );
}

const hasDefaultExport = ({ tree }: Source): boolean =>
  tree.statements.some(
    (statement) =>
      isExportAssignment(statement) || isModifiedDefault(statement) || statement.forEachChild(exportsDefault) === true,
  );

const isModifiedDefault = (node: Node): boolean =>
  'modifierFlags' in node && (Number(node.modifierFlags) & ModifierFlags.Default) !== 0;

const exportsDefault = (node: Node): true | undefined =>
  node.kind === SyntaxKind.NamedExports &&
  node.forEachChild((one) => isExportSpecifier(one) && one.name.text === 'default')
    ? true
    : undefined;
