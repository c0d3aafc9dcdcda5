import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root } from './program.ts';

interface Diagnostics {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

/** Runs the linter, as `npm run lint` does, over these files in a tree with our configuration; what it reports, by file. */
async function lint(files: { readonly [path: string]: string }): Promise<{ [path: string]: string[] }> {
  const tree = await mkdtemp(join(tmpdir(), 'harness-lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json', 'package.json'])
      await cp(join(root, name), join(tree, name));
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), text);
    }
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: { lint: string } };
    const [command = '', ...options] = scripts.lint.split(' ');
    const { stdout } = await execa(
      join(root, 'node_modules/.bin', command),
      [...options, '--format=json', '--ignore-pattern=node_modules'],
      {
        cwd: tree,
        reject: false,
      },
    );
    const { diagnostics } = JSON.parse(stdout) as Diagnostics;
    const reported: { [path: string]: string[] } = Object.fromEntries(Object.keys(files).map((path) => [path, []]));
    for (const { code, filename } of diagnostics) reported[filename]?.push(code);
    return reported;
  } finally {
    await rm(tree, { recursive: true });
  }
}

const globalsRule = 'eslint(no-restricted-globals)';

/** What the linter must report in production code of a pure room. */
const impure: readonly (readonly [code: string, rule: string])[] = [
  ['export const a = (): number => Date.now();', globalsRule],
  ['export const a = (): number => Math.random();', 'eslint(no-restricted-properties)'],
  ["export const a = (): number => Math['random']();", 'eslint(no-restricted-properties)'],
  ['export const a = (): unknown => setTimeout(() => 1, 1);', globalsRule],
  ['export const a = (): unknown => setInterval(() => 1, 1);', globalsRule],
  ['export const a = (): unknown => setImmediate(() => 1);', globalsRule],
  ['export const a = (): unknown => clearTimeout(1);', globalsRule],
  ['export const a = (): unknown => clearInterval(1);', globalsRule],
  ['export const a = (): unknown => queueMicrotask(() => 1);', globalsRule],
  ['export const a = (): unknown => process.pid;', globalsRule],
  ['export const a = (): unknown => performance.now();', globalsRule],
  ['export const a = (): unknown => crypto.randomUUID();', globalsRule],
  ["export const a = (): unknown => fetch('x');", globalsRule],
  ['export const a = (): unknown => globalThis.name;', globalsRule],
  ["export const a = (): unknown => Buffer.from('x');", globalsRule],
  ["import { hostname } from 'node:os';\nexport const a = (): string => hostname();", 'import(no-nodejs-modules)'],
  ["import type { Socket } from 'node:net';\nexport type A = Socket;", 'import(no-nodejs-modules)'],
  ["export const a = async (): Promise<unknown> => import('node:os');", 'import(no-nodejs-modules)'],
];

const rooms = ['systems', 'workloads', 'nemeses', 'src/core', 'src/protocol', 'src/generators', 'src/nemesis'];

/** What it must report anywhere. Most of these need types, so they also prove that type-aware linting is on. */
const careless: readonly (readonly [code: string, rule: string])[] = [
  [
    'const later = async (): Promise<void> => {};\nexport const a = (): void => { later(); };',
    'typescript(no-floating-promises)',
  ],
  [
    "export const a = (kind: 'x' | 'y'): void => { switch (kind) { case 'x': return; } };",
    'typescript(switch-exhaustiveness-check)',
  ],
  ['export const a = (value: object): string => `${value}`;', 'typescript(restrict-template-expressions)'],
  ['export const a = (value: any): unknown => value;', 'typescript(no-explicit-any)'],
  ["export const a = (): unknown => new Function('return 1');", 'typescript(no-implied-eval)'],
  ['export default 1;', 'import(no-default-export)'],
  ["import { join } from 'path';\nexport const a = join;", 'unicorn(prefer-node-protocol)'],
];

describe('npm run lint', () => {
  it('reports clocks, chance, timers, the process and node modules in the pure rooms, and not in their tests', async () => {
    const production = impure.map(([code, rule], index) => ({
      path: `systems/x/file-${index}.ts`,
      code,
      rules: [rule],
    }));
    const tests = impure.map(([code], index) => ({ path: `systems/x/file-${index}.test.ts`, code, rules: [] }));
    const everyRoom = rooms.map((room) => ({ path: `${room}/x.ts`, code: impure[0]?.[0] ?? '', rules: [globalsRule] }));
    const all = [...production, ...everyRoom];
    const reported = await lint(Object.fromEntries([...all, ...tests].map(({ path, code }) => [path, code])));
    const wanted = Object.fromEntries(all.map(({ path, rules }) => [path, rules]));
    expect(pick(reported, Object.keys(wanted))).toEqual(wanted);
    const purityRules = new Set(impure.map(([, rule]) => rule));
    const inTests = tests.filter(({ path }) => reported[path]?.some((rule) => purityRules.has(rule)));
    expect(inTests).toEqual([]);
  });

  it('knows types: a floating promise is an error', async () => {
    const cases = careless.map(([code, rule], index) => ({ path: `src/harness/file-${index}.ts`, code, rule }));
    const reported = await lint(Object.fromEntries(cases.map(({ path, code }) => [path, code])));
    const missed = cases.filter(({ path, rule }) => reported[path]?.includes(rule) !== true);
    expect(missed).toEqual([]);
  });
});

const pick = (reported: { [path: string]: string[] }, paths: string[]): { [path: string]: string[] | undefined } =>
  Object.fromEntries(paths.map((path) => [path, reported[path]]));
