/**
 * The top layer of an image: the compiled files that its program reaches by its imports, the packages among them, and
 * the map of the program. Reached files only, so that a change of the harness's own side, which is most changes, leaves
 * the image as it is. The imports of the compiled files are literals, which tests/layers holds.
 */
import { readFile, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isBuiltin } from 'node:module';
import { HarnessError } from '../../../core/errors.ts';
import { compiledPath } from '../../real/compiled-path.ts';
import { isThere } from './package-root.ts';
import type { ContextEntry } from './recipe.ts';

/** The program of every system in the catalogue, compiled into one file, below the package's root. */
export const nodeProgram = 'dist/src/cli/node-bundle.js';

/** The program of a holder, likewise. */
export const holderProgram = (root: string): string =>
  slashes(relative(root, compiledPath(new URL('../holder/holder-program.js', import.meta.url))));

/** Throws where the program has not been compiled. */
export async function programEntries(root: string, program: string): Promise<readonly ContextEntry[]> {
  const { files, packages } = await reached(root, program);
  const map = `${join(root, program)}.map`;
  const compiled: ContextEntry[] = [...files, ...((await isThere(map)) ? [map] : [])].map((from) => ({
    kind: 'copy',
    path: `program/${slashes(relative(root, from))}`,
    from,
    executable: false,
  }));
  const manifest = {
    kind: 'text',
    path: 'program/package.json',
    text: '{"type":"module"}\n',
    executable: false,
  } as const;
  return [...compiled, manifest, ...(await packageEntries(root, packages))];
}

async function reached(
  root: string,
  program: string,
): Promise<{ files: ReadonlySet<string>; packages: ReadonlySet<string> }> {
  const start = join(root, program);
  if (!(await isThere(start))) throw new HarnessError(`${start} is not there. Compile first: npm run build.`);
  const files = new Set([start]);
  const packages = new Set<string>();
  for (const file of files)
    for (const specifier of importsOf(await readFile(file, 'utf8')))
      if (specifier.startsWith('.')) files.add(join(dirname(file), specifier));
      else if (!isBuiltin(specifier)) packages.add(packageOf(specifier));
  return { files, packages };
}

/** What a compiled module imports: statements begin their line there, and dynamic imports name a literal. */
export function importsOf(code: string): readonly string[] {
  const statements = code.matchAll(/^(?:import|export)\s+(?:[\w$*{},\s]+?\sfrom\s+)?['"]([^'"\n]+)['"]/gm);
  const dynamic = code.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g);
  return [...statements, ...dynamic].flatMap((match) => match[1] ?? []);
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The packages and all that they depend on, without sources, types and maps. */
async function packageEntries(root: string, names: Iterable<string>): Promise<readonly ContextEntry[]> {
  const all = new Set(names);
  const entries: ContextEntry[] = [];
  for (const name of all) {
    const folder = join(root, 'node_modules', name);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    for (const dependency of Object.keys(manifest.dependencies ?? {})) all.add(dependency);
    for (const from of await modulesBelow(await realpath(folder)))
      entries.push({
        kind: 'copy',
        path: `packages/${name}/${slashes(relative(await realpath(folder), from))}`,
        from,
        executable: false,
      });
  }
  return entries.length === 0 ? [{ kind: 'folder', path: 'packages' }] : entries;
}

interface Manifest {
  readonly dependencies?: { readonly [name: string]: string };
}

async function modulesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && /\.(?:js|cjs|mjs|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, file).split(sep).includes('node_modules'));
}

const slashes = (path: string): string => path.split(sep).join('/');
