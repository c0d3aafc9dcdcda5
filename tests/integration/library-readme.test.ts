/** The README of the library: its example compiles and prints what it says, and it leaves nothing out. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../knossos-ts/src/cli/main.ts';
import { openOver, root } from '../layers/program.ts';

const library = join(root, 'knossos-ts');
const read = (path: string): string => readFileSync(join(library, path), 'utf8');
const readme = read('README.md');
const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';

/** What the comments below each print say. */
const promised = [...example.matchAll(/console\.log\(.*\n((?:\/\/ .*\n?)+)/g)].map((match) =>
  (match[1] ?? '').replaceAll(/^\/\/ /gm, '').trim(),
);

describe('the example', () => {
  it('has about twenty lines and compiles', () => {
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(21);
    using program = openOver([{ path: 'tests/readme-example.ts', text: example }]);
    expect(program.errorsIn('tests/readme-example.ts')).toEqual([]);
  });

  it('prints what its comments say', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'knossos-readme-'));
    const printed: unknown[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(text));
    try {
      const path = join(folder, 'example.ts');
      writeFileSync(path, example.replace("'knossos-ts'", JSON.stringify(join(library, 'src/index.ts'))));
      await import(pathToFileURL(path).href);
    } finally {
      log.mockRestore();
      rmSync(folder, { recursive: true, force: true });
    }
    expect(promised).toHaveLength(2);
    expect(printed).toEqual(promised);
  });
});

it('shows what the command line prints', async () => {
  const history = [
    [1, 1, 'invoke', 'write', '41'],
    [2, 1, 'ok', 'write', '41'],
    [255.5, 3, 'invoke', 'write', '42'],
    [256.5, 3, 'ok', 'write', '42'],
    [687.5, 7, 'invoke', 'read', 'nil'],
    [688.5, 7, 'ok', 'read', '41'],
  ].map(([at, process, type, f, value]) =>
    `{:process ${process} :type :${type} :f :${f} :value ${value} :time ${Number(at) * 1e6}}`.replace('.0}', '}'),
  );
  let out = '';
  const screen = {
    print: (text: string): void => void (out += text),
    note: (): void => {},
    input: Readable.from([history.join('\n')]),
    width: 100,
  };
  await main(['check', '-', '--model', 'cas-register', '--init', '0'], screen);
  const shown = readme
    .slice(readme.indexOf('    linearizable as'), readme.indexOf('## Histories'))
    .replaceAll(/^ {4}/gm, '')
    .trim();
  const untimed = (text: string): string => text.trim().replaceAll(/in \d+(\.\d+)? m?s/g, 'in N ms');
  expect(untimed(out)).toBe(untimed(shown));
});

it('names everything that the library exports', () => {
  const names = [...read('src/index.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)]
    .flatMap((match) => (match[1] ?? '').split(','))
    .map((name) => name.replace(/^\s*type /, '').trim())
    .filter((name) => name !== '');
  expect(names).toContain('checkFile');
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
});

it('and its pages link to what exists', () => {
  const pages = ['README.md', ...readdirSync(join(library, 'docs')).map((name) => `docs/${name}`)];
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !existsSync(join(library, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});
