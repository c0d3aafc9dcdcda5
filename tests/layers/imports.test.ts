import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isTest, openCanaries, openSources, root, type Source } from './program.ts';
import { referencesOf } from './references.ts';
import { refusal, roomOf, rooms } from './rules.ts';

const refusalsIn = (sources: readonly Source[]): string[] =>
  sources.flatMap(referencesOf).flatMap((reference) => {
    const why = refusal(reference);
    return why === null ? [] : [`${reference.from}:${reference.line} ${why}`];
  });

describe('the sources', () => {
  it('import only what their room may import', () => {
    using program = openSources();
    expect(refusalsIn(program.sources)).toEqual([]);
  });

  it('all belong to a room, but for tests, benchmarks and configuration', () => {
    using program = openSources();
    const homeless = program.sources.map(({ path }) => path).filter((path) => !isTest(path) && roomOf(path) === null);
    expect(homeless).toEqual(['vitest.config.ts']);
  });

  it('are all seen by this test: no TypeScript file lies outside of what is compiled', () => {
    using program = openSources();
    const seen = new Set(program.sources.map(({ path }) => path));
    const lying = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/(^|\/)(node_modules|dist|store|coverage)\//.test(path))
      .filter((path) => !seen.has(path));
    expect(lying).toEqual([]);
  });
});

/** One line of code in one file, and what the checker must say about it; null where it must be silent. */
const canaries: readonly (readonly [path: string, code: string, expected: string | null])[] = [
  ['src/core/x.ts', "import { a } from '../protocol/a.ts';", 'src/core may not import src/protocol/a.ts'],
  ['src/core/x.ts', "import { a } from 'knossos-ts';", 'src/core may not import knossos-ts'],
  ['src/core/x.ts', "import { a } from 'node:fs';", 'src/core may not import modules of Node: node:fs'],
  ['src/core/x.ts', "import a from 'fs';", 'src/core may not import modules of Node: fs'],
  ['src/core/x.ts', "import { a } from 'valibot';", 'src/core may not import packages: valibot'],
  ['src/core/x.ts', "import { a } from './y.ts';", null],
  ['src/core/x.ts', "import { a } from 'fastest-levenshtein';", null],
  ['src/protocol/x.ts', "import { a } from '../generators/a.ts';", 'src/protocol may not import src/generators/a.ts'],
  ['src/protocol/x.ts', "import type { a } from 'knossos-ts';", null],
  ['src/generators/x.ts', "import type { a } from '../protocol/a.ts';", null],
  ['src/generators/x.ts', "import { type a, type b } from '../protocol/a.ts';", null],
  [
    'src/generators/x.ts',
    "import { type a, b } from '../protocol/a.ts';",
    'src/generators may import only types of src/protocol: src/protocol/a.ts',
  ],
  [
    'src/runtimes/real/x.ts',
    "import { a } from '../../environments/a.ts';",
    'src/runtimes may not import src/environments/a.ts',
  ],
  ['src/runtimes/real/x.ts', "import { a } from 'node:net';", null],
  [
    'src/environments/local/x.ts',
    "import { a } from '../simulation/a.ts';",
    'src/environments/local may not import src/environments/simulation/a.ts',
  ],
  [
    'src/environments/simulation/x.ts',
    "import { a } from '../local/a.ts';",
    'src/environments/simulation may not import src/environments/local/a.ts',
  ],
  [
    'src/environments/real/x.ts',
    "import { a } from '../docker/a.ts';",
    'src/environments/real may not import src/environments/docker/a.ts',
  ],
  ['src/environments/docker/x.ts', "import { a } from '../real/a.ts';", null],
  [
    'src/environments/docker/x.ts',
    "import { a } from '../local/a.ts';",
    'src/environments/docker may not import src/environments/local/a.ts',
  ],
  [
    'src/environments/local/x.ts',
    "import { a } from '../../harness/a.ts';",
    'src/environments/local may not import src/harness/a.ts',
  ],
  ['src/environments/local/x.ts', "import { a } from '../faults.ts';", null],
  [
    'src/environments/faults.ts',
    "import { a } from './local/a.ts';",
    'src/environments may not import src/environments/local/a.ts',
  ],
  [
    'src/nemesis/x.ts',
    "import { a } from '../environments/environment.ts';",
    'src/nemesis may not import src/environments/environment.ts',
  ],
  ['src/nemesis/x.ts', "import type { a } from '../environments/faults.ts';", null],
  ['src/report/x.ts', "import { a } from '../harness/a.ts';", 'src/report may not import src/harness/a.ts'],
  [
    'src/harness/x.ts',
    "import { a } from '../environments/local/a.ts';",
    'src/harness may not import src/environments/local/a.ts',
  ],
  [
    'src/harness/x.ts',
    "import { a } from '../../nemeses/partition.ts';",
    'src/harness may not import nemeses/partition.ts',
  ],
  ['src/harness/x.ts', "import { a } from '../../systems/index.ts';", 'only the catalogue knows systems/index.ts'],
  ['src/harness/x.ts', "import type { a } from '../environments/environment.ts';", null],
  ['src/explore/x.ts', "import { a } from '../protocol/a.ts';", 'src/explore may not import src/protocol/a.ts'],
  [
    'systems/x/a.ts',
    "import { a } from '../../src/runtimes/real/a.ts';",
    'systems may not import src/runtimes/real/a.ts',
  ],
  [
    'systems/x/a.ts',
    "import type { a } from '../../src/environments/faults.ts';",
    'systems may not import src/environments/faults.ts',
  ],
  ['systems/x/a.ts', "import { a } from '../index.ts';", 'only the catalogue knows systems/index.ts'],
  ['systems/x/a.ts', "import type { a } from 'node:net';", 'systems may not import modules of Node: node:net'],
  ['systems/x/a.ts', "import { a } from '../raft/protocol.ts';", null],
  [
    'workloads/x.ts',
    "import { a } from '../src/protocol/wire.ts';",
    'workloads may import only types of src/protocol: src/protocol/wire.ts',
  ],
  ['workloads/x.ts', "import { a } from '../src/nemesis/a.ts';", 'workloads may not import src/nemesis/a.ts'],
  ['nemeses/x.ts', "import { a } from '../src/harness/a.ts';", 'nemeses may not import src/harness/a.ts'],
  ['reports/x.ts', "import { a } from '../src/harness/a.ts';", 'reports may not import src/harness/a.ts'],
  ['src/cli/test.ts', "import { a } from '../../systems/index.ts';", 'only the catalogue knows systems/index.ts'],
  [
    'src/cli/test.ts',
    "import { a } from '../../systems/raft/system.ts';",
    'src/cli may not import systems/raft/system.ts',
  ],
  ['src/cli/catalogue.ts', "import { a } from '../../systems/index.ts';", null],
  [
    'src/cli/catalogue.ts',
    "import { a } from '../../reports/index.ts';",
    'only the list of reporters knows reports/index.ts',
  ],
  ['src/cli/reporters.ts', "import { a } from '../../reports/index.ts';", null],
  ['src/cli/reporters.ts', "import { a } from '../../systems/index.ts';", 'only the catalogue knows systems/index.ts'],
  [
    'src/cli/catalogue.ts',
    "import { a } from '../../systems/raft/system.ts';",
    'src/cli/catalogue.ts may not import systems/raft/system.ts',
  ],
  ['src/cli/node.ts', "import { a } from '../../systems/index.ts';", null],
  ['src/cli/node.ts', "import { a } from '../harness/a.ts';", 'src/cli/node.ts may not import src/harness/a.ts'],
  ['src/main.ts', "import { a } from './harness/a.ts';", 'src/main.ts may not import src/harness/a.ts'],
  ['knossos-ts/src/x.ts', "import { a } from '../../src/core/a.ts';", 'knossos-ts may not import src/core/a.ts'],
  ['knossos-ts/src/x.ts', "import { a } from 'valibot';", 'knossos-ts may not import packages: valibot'],
  ['knossos-ts/src/x.ts', "import { a } from 'node:worker_threads';", null],
  ['reports/x.ts', "import { a } from '../knossos-ts/src/index.ts';", 'knossos-ts is imported by its name'],
  ['src/elsewhere/x.ts', "import { a } from '../core/a.ts';", null],
  ['src/core/x.ts', "import { a } from '../elsewhere/a.ts';", 'src/elsewhere/a.ts belongs to no room'],

  // The ways of importing.
  ['src/core/x.ts', "export const a = import('../harness/a.ts');", 'src/core may not import src/harness/a.ts'],
  ['src/cli/x.ts', 'export const a = (name: string) => import(name);', 'dynamic of something that is not a literal'],
  [
    'src/cli/x.ts',
    'export const a = (name: string) => import(`./${name}.ts`);',
    'dynamic of something that is not a literal',
  ],
  ['src/core/x.ts', 'export const a = import(`../harness/a.ts`);', 'src/core may not import src/harness/a.ts'],
  ['src/core/x.ts', "export type A = import('../harness/a.ts').A;", 'src/core may not import src/harness/a.ts'],
  ['src/core/x.ts', "export type A = typeof import('../harness/a.ts');", 'src/core may not import src/harness/a.ts'],
  ['src/core/x.ts', "import a = require('../harness/a.ts');", 'src/core may not import src/harness/a.ts'],
  ['src/core/x.ts', "export const a = require('../harness/a.ts');", 'src/core may not import src/harness/a.ts'],
  ['src/core/x.ts', "import '../harness/a.ts';", 'src/core may not import src/harness/a.ts'],
  [
    'src/harness/x.ts',
    "export const a = new URL('../environments/local/a.js', import.meta.url);",
    'src/harness may not import src/environments/local/a.ts',
  ],
  [
    'src/harness/x.ts',
    "export const a = (b: boolean) => new URL(b ? './x.js' : '../environments/local/a.js', import.meta.url);",
    'src/harness may not import src/environments/local/a.ts',
  ],
  [
    'src/harness/x.ts',
    'export const a = (name: string) => new URL(name, import.meta.url);',
    'url of something that is not a literal',
  ],
  ['src/harness/x.ts', "export const a = new URL('../../package.json', import.meta.url);", null],
  [
    'src/harness/x.ts',
    'export const a = import.meta.dirname;',
    "import.meta is for new URL('./file.js', import.meta.url) only",
  ],
  ['src/core/x.ts', "// import { a } from '../harness/a.ts';\nexport const a = \"import '../harness/a.ts'\";", null],

  // Barrels.
  [
    'src/core/index.ts',
    "export { a } from './a.ts';",
    'passes on what another file exports: import it from its source',
  ],
  [
    'src/core/index.ts',
    "export type * from './a.ts';",
    'passes on what another file exports: import it from its source',
  ],
  ['knossos-ts/src/index.ts', "export { a } from './a.ts';", null],

  // Tests may more, and nobody may import them.
  ['src/core/x.ts', "import { a } from 'vitest';", 'vitest is for tests'],
  ['src/harness/x.ts', "import { a } from 'fast-check';", 'fast-check is for tests'],
  ['src/core/x.test.ts', "import { a } from 'vitest';", null],
  ['src/core/x.test.ts', "import { a } from 'node:fs';", null],
  ['src/core/x.test.ts', "import { a } from '../protocol/testing/a.ts';", null],
  ['src/core/x.test.ts', "import { a } from '../protocol/a.ts';", 'src/core may not import src/protocol/a.ts'],
  [
    'src/protocol/x.ts',
    "import { a } from './testing/a.ts';",
    'production code may not import a test: src/protocol/testing/a.ts',
  ],
  [
    'src/protocol/x.ts',
    "import { a } from './x.test.ts';",
    'production code may not import a test: src/protocol/x.test.ts',
  ],
  ['nemeses/x.test.ts', "import { a } from './index.ts';", null],
  ['nemeses/x.test.ts', "import type { a } from '../src/environments/faults.ts';", null],
  ['tests/x.test.ts', "import { a } from '../src/environments/local/a.ts';", null],
  ['bench/x.ts', "import { a } from '../src/environments/local/a.ts';", null],
  ['knossos-ts/fuzz/x.ts', "import { a } from '../src/testing/a.ts';", null],
];

describe('the checker', () => {
  using program = openCanaries(canaries.map(([path, text]) => ({ path, text })));
  const judged = program.sources.map((source) => refusalsIn([source]));

  it.each(canaries.map((canary, index) => [...canary, judged[index]] as const))(
    'judges %s: %s',
    (path, _code, expected, refusals) => {
      const line = (why: string) => [`${path}:1 ${why}`];
      expect(refusals).toEqual(expected === null ? [] : line(expected));
    },
  );

  it('refuses something in every room', () => {
    const refused = new Set(canaries.filter(([, , expected]) => expected !== null).map(([path]) => roomOf(path)?.path));
    const unproven = rooms.map(({ path }) => path).filter((path) => !refused.has(path));
    expect(unproven).toEqual([]);
  });
});
