/** The guides show whole files. They must compile against the sources, and keep the rules that they teach. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOver, root, type Canary } from './program.ts';
import { impuritiesIn } from './purity.ts';
import { referencesOf } from './references.ts';
import { refusal } from './rules.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...guides];

/** The blocks of code that open with a line such as `// nemeses/followers.ts`: whole files. */
const filesIn = (markdown: string): readonly Canary[] =>
  [...markdown.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms)].map(([, path = '', text = '']) => ({ path, text }));

describe('the guides', () => {
  it.each(guides.filter((page) => page.includes('adding-a-')))(
    '%s shows files that compile and keep the rules',
    (page) => {
      const files = filesIn(read(page));
      expect(files.length).toBeGreaterThan(1);
      using program = openOver(files);
      const errors = files.flatMap(({ path }) => program.errorsIn(path));
      const refused = program.sources.flatMap(referencesOf).flatMap((reference) => refusal(reference) ?? []);
      expect({ errors, refused, impure: impuritiesIn(program) }).toEqual({ errors: [], refused: [], impure: [] });
    },
  );

  it('would be refused with a file that does not compile', () => {
    const page =
      '```ts\n// nemeses/wrong.ts\nimport { a } from "../src/core/ids.ts";\nexport const b: number = a;\n```\n';
    using program = openOver(filesIn(page));
    expect(program.errorsIn('nemeses/wrong.ts')).toHaveLength(1);
  });

  it('link to pages and name files that exist', () => {
    const broken = pages.flatMap((page) => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? '');
      const named = [
        ...read(page).matchAll(/`((?:src|tests|systems|workloads|nemeses|reports|knossos-ts|docs)\/[\w./-]*)`/g),
      ];
      const shown = new Set(filesIn(read(page)).flatMap(({ path }) => [path, `${dirname(path)}/`]));
      const targets = [
        ...links.map((link) => normalize(join(dirname(page), link))),
        ...named.map((match) => match[1] ?? '').filter((path) => !shown.has(path)),
      ];
      return targets.filter((path) => !existsSync(join(root, path))).map((path) => `${page}: ${path}`);
    });
    expect(broken).toEqual([]);
  });
});
