import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importsOf, programEntries } from './program.ts';

let root: string;

const write = async (files: { readonly [path: string]: string }): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'harness-program-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('what a compiled module imports', () => {
  it('is found in every form that the compiler writes', () => {
    const code = [
      `import './a.js';`,
      `import b from './b.js';`,
      `import { c, d as e } from './c.js';`,
      `import {`,
      `  f,`,
      `} from './f.js';`,
      `import * as g from 'valibot';`,
      `export { h } from './h.js';`,
      `export * from './i.js';`,
      `const j = await import('./j.js');`,
    ].join('\n');
    expect(importsOf(code)).toEqual(['./a.js', './b.js', './c.js', './f.js', 'valibot', './h.js', './i.js', './j.js']);
  });

  it('is not what only looks like it', () => {
    const code = [
      `export const a = { kind: 'protocol' };`,
      `export function from(x) { return 'text'; }`,
      `// import './old.js';`,
      `  const words = "they came from 'far'";`,
    ].join('\n');
    expect(importsOf(code)).toEqual([]);
  });
});

describe('the layer of a program', () => {
  it('holds what the program reaches, with the packages and theirs, and nothing else', async () => {
    await write({
      'dist/src/cli/node.js': `import '../core/a.js';\nimport * as v from 'valibot';\nimport 'node:fs';`,
      'dist/src/cli/node.js.map': '{}',
      'dist/src/core/a.js': `import '../cli/node.js';\nimport '@scope/b/part';`,
      'dist/src/core/unreached.js': '',
      'node_modules/valibot/package.json': '{"dependencies":{"deeper":"1"}}',
      'node_modules/valibot/index.js': '',
      'node_modules/valibot/index.d.ts': '',
      'node_modules/valibot/node_modules/nested/index.js': '',
      'node_modules/deeper/package.json': '{}',
      'node_modules/deeper/index.cjs': '',
      'node_modules/@scope/b/package.json': '{}',
      'node_modules/unreached/package.json': '{}',
    });
    const paths = (await programEntries(root, 'dist/src/cli/node.js')).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([
      'packages/@scope/b/package.json',
      'packages/deeper/index.cjs',
      'packages/deeper/package.json',
      'packages/valibot/index.js',
      'packages/valibot/package.json',
      'program/dist/src/cli/node.js',
      'program/dist/src/cli/node.js.map',
      'program/dist/src/core/a.js',
      'program/package.json',
    ]);
  });

  it('has an empty folder where there are no packages, which the Dockerfile copies all the same', async () => {
    await write({ 'dist/holder.js': '' });
    expect((await programEntries(root, 'dist/holder.js')).at(-1)).toEqual({ kind: 'folder', path: 'packages' });
  });

  it('tells who has not compiled to do so', async () => {
    await expect(programEntries(root, 'dist/src/cli/node.js')).rejects.toThrow('Compile first: npm run build.');
  });
});
