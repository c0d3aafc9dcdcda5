/**
 * Who may import whom. One row per room, most general first; a file belongs to the last row whose path it is below.
 * ARCHITECTURE.md says why the rows are as they are.
 */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { isTest } from './program.ts';
import type { Reference } from './references.ts';

interface Room {
  readonly path: string;
  /** Rooms, folders and files besides its own; `knossos-ts` is the package. A room does not open the rooms inside it. */
  readonly may: readonly string[];
  /** Those of which only types may be imported. */
  readonly types?: readonly string[];
  /** Whether it may use `node:*` and packages. */
  readonly outside: boolean;
  /** Packages that an inward room may import all the same, because they are nothing but pure functions. */
  readonly packages?: readonly string[];
}

const cliFile = (name: string): string => `src/cli/${name}.ts`;
const interfaces = ['environment', 'faults'].map((name) => `src/environments/${name}.ts`);
const implementations = ['simulation', 'local', 'docker'].map((name) => `src/environments/${name}`);
/** What environments of real nodes share. */
const real = 'src/environments/real';
const engine = ['src/core', 'src/protocol', 'src/generators', 'src/nemesis', 'src/report', 'knossos-ts'];
const testLibraries = ['vitest', 'fast-check', 'playwright-core'];

/** Typed maps from names to parts, and the only things that the outside of such rooms imports. */
const runnable = ['systems', 'workloads', 'nemeses'].map((name) => `${name}/index.ts`);
const reported = 'reports/index.ts';
const registries = [...runnable, reported];

/** The files that pass on what they did not make: the public face of the library, and the entry of the program. */
const surfaces = ['knossos-ts/src/index.ts', 'src/main.ts'];

export const rooms: readonly Room[] = [
  { path: 'knossos-ts', may: [], outside: true },
  { path: 'src/core', may: [], outside: false, packages: ['fastest-levenshtein'] },
  { path: 'src/protocol', may: ['src/core', 'knossos-ts'], outside: false },
  { path: 'src/generators', may: ['src/core', 'knossos-ts'], types: ['src/protocol'], outside: false },
  { path: 'src/runtimes', may: ['src/core', 'src/protocol'], outside: true },
  { path: 'src/environments', may: ['src/core', 'src/protocol'], outside: true },
  { path: real, may: ['src/core', 'src/protocol', 'src/runtimes', 'src/environments'], outside: true },
  ...implementations.map((path) => ({
    path,
    may: ['src/core', 'src/protocol', 'src/runtimes', 'src/environments', real],
    outside: true,
  })),
  { path: 'src/nemesis', may: ['src/core', 'src/environments/faults.ts'], outside: false },
  { path: 'src/report', may: ['src/core', 'knossos-ts'], outside: true },
  { path: 'src/harness', may: [...engine, ...interfaces], outside: true },
  { path: 'src/explore', may: ['src/core', 'src/harness'], outside: true },
  { path: 'systems', may: ['src/core', 'src/protocol', 'knossos-ts'], outside: false },
  { path: 'workloads', may: ['src/core', 'src/generators', 'knossos-ts'], types: ['src/protocol'], outside: false },
  { path: 'nemeses', may: ['src/core', 'src/nemesis'], outside: false },
  { path: 'reports', may: ['src/core', 'src/report', 'knossos-ts'], outside: true },
  {
    path: 'src/cli',
    may: [
      ...engine,
      'src/harness',
      'src/explore',
      'src/environments',
      ...implementations,
      'src/runtimes',
      ...['catalogue', 'reporters', 'node'].map(cliFile),
    ],
    outside: true,
  },
  // The files of the CLI that know particular parts: the catalogue, the reporters, and the program of a node process.
  {
    path: cliFile('catalogue'),
    may: [...engine, 'src/harness', 'src/environments', ...implementations, 'src/cli', ...runnable],
    outside: true,
  },
  { path: cliFile('reporters'), may: ['src/report', reported], outside: false },
  { path: cliFile('node'), may: ['src/core', 'src/protocol', 'src/runtimes/real', 'systems/index.ts'], outside: true },
  { path: 'src/main.ts', may: ['src/core', 'src/cli'], outside: true },
];

/** The room of a file: the last row that it is below; null for tests/, bench/ and configuration, which may all. */
export const roomOf = (file: string): Room | null => rooms.findLast(({ path }) => isWithin(path, file)) ?? null;

/** Why this reference must not be, or null. */
export function refusal(reference: Reference): string | null {
  const { from, kind, specifier } = reference;
  const room = roomOf(from);
  if (kind === 're-export' && !surfaces.includes(from))
    return 'passes on what another file exports: import it from its source';
  if (room === null) return null;
  if (kind === 'meta') return isTest(from) ? null : "import.meta is for new URL('./file.js', import.meta.url) only";
  if (specifier === null) return `${kind} of something that is not a literal`;
  if (specifier.startsWith('.')) return refusedFile(room, reference, targetOf(from, specifier));
  if (specifier === 'knossos-ts') return room.may.includes(specifier) ? null : `${room.path} may not import knossos-ts`;
  if (isTest(from)) return null;
  if (testLibraries.includes(specifier)) return `${specifier} is for tests`;
  if (room.packages?.includes(specifier) === true) return null;
  if (room.outside && (room.path !== 'knossos-ts' || isBuiltin(specifier))) return null;
  return `${room.path} may not import ${isBuiltin(specifier) ? 'modules of Node' : 'packages'}: ${specifier}`;
}

function refusedFile(room: Room, { from, kind }: Reference, target: string): string | null {
  if (isTest(target)) return isTest(from) ? null : `production code may not import a test: ${target}`;
  const home = roomOf(target);
  // A URL may point to what is no module: an image, package.json.
  if (home === null) return kind === 'url' ? null : `${target} belongs to no room`;
  if (room.may.includes(target)) return null;
  if (isTest(from) && (kind === 'type' || home.path === room.path)) return null;
  if (registries.includes(target))
    return `only the ${target === reported ? 'list of reporters' : 'catalogue'} knows ${target}`;
  if (home.path === room.path) return null;
  if (home.path === 'knossos-ts') return 'knossos-ts is imported by its name';
  if (room.may.some((path) => isWithin(path, target) && path.length >= home.path.length)) return null;
  if (room.types?.includes(home.path) !== true) return `${room.path} may not import ${target}`;
  return kind === 'type' ? null : `${room.path} may import only types of ${home.path}: ${target}`;
}

const targetOf = (from: string, specifier: string): string =>
  posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');

function isWithin(path: string, file: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}
