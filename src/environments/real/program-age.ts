/**
 * The program of nodes is bundled when its modules have been compiled. Whoever compiles and does not bundle would have
 * the nodes run, and a verdict speak of, the code of yesterday.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';

/** How far below the package's root compiled programs are, and below the folder of what is compiled. */
const [root, compiled] = ['../../..', '../..'];

/** Throws where the bundle is not there, or is older than a compiled module of which it is made, as its map tells. */
export function assertFresh(bundle: string): void {
  const bundled = changed(bundle);
  if (bundled === null) throw new UsageError(`${bundle} is not there. Compile first: npm run build.`);
  const stale = modulesOf(bundle).find((module) => (changed(module) ?? bundled) > bundled);
  if (stale !== undefined)
    throw new UsageError(`Nodes would run old code: ${bundle} is older than ${stale}. Compile again: npm run build.`);
}

/** Of packages there is nothing that we compile, and a program without a map is itself alone. */
function modulesOf(bundle: string): readonly string[] {
  const folder = dirname(bundle);
  if (changed(`${bundle}.map`) === null) return [];
  const { sources } = JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as { readonly sources: readonly string[] };
  return sources
    .map((source) => relative(join(folder, root), resolve(folder, source)))
    .filter((source) => source.endsWith('.ts'))
    .map((source) => join(folder, compiled, source.replace(/\.ts$/, '.js')));
}

/** In milliseconds since 1970; null: it is not there. */
const changed = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
