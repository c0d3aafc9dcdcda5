/**
 * Programs of this machine with all that they load, for an image FROM scratch. What a program needs is what its own
 * loader says (ldd), so nothing here knows an architecture or a distribution. Every file keeps its place, because the
 * loader's and the libraries' search paths are compiled in.
 */
import { realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { isThere } from './package-root.ts';
import type { ContextEntry } from './recipe.ts';

/** Where the Dockerfile looks for what becomes the image's root. */
export const imageRoot = 'root';

export const inImage = (path: string): string => `${imageRoot}${path}`;

/** What `ldd` said about one or several files. */
export interface Libraries {
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

/** Administrators' folders are often not in the PATH of people. */
const moreFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** The path of a program, or null. */
export async function findProgram(name: string, path: string = process.env['PATH'] ?? ''): Promise<string | null> {
  for (const folder of [...path.split(delimiter), ...moreFolders])
    if (folder.startsWith('/') && (await isThere(join(folder, name)))) return join(folder, name);
  return null;
}

/** The files at their places, and the libraries that they load. Throws where a library cannot be found. */
export async function withLibraries(files: readonly string[]): Promise<readonly ContextEntry[]> {
  const { found, missing } = await librariesOf(files);
  if (missing.length > 0) throw new Error(`${files.join(', ')}: ${missing.join(', ')} cannot be found by ldd`);
  return [...files, ...found].map(copied);
}

/** The file at `path`, links followed, becomes a file of its own at that place. */
export const copied = (path: string): ContextEntry => ({
  kind: 'copy',
  path: inImage(path),
  from: path,
  executable: true,
});

async function librariesOf(files: readonly string[]): Promise<Libraries> {
  const program = await findProgram('ldd');
  if (program === null) throw new Error('this machine has no ldd, which tells what a program loads');
  const ldd = await execa(program, files, { reject: false, timeout: 10_000, env: { LC_ALL: 'C' } });
  if (ldd.exitCode === undefined) throw new Error(`ldd could not be run: ${ldd.shortMessage ?? 'no reason given'}`);
  return parseLdd(ldd.stdout);
}

/** Exit codes of ldd say little: a static program is one, too. */
export function parseLdd(output: string): Libraries {
  const found = new Set<string>();
  const missing = new Set<string>();
  for (const line of output.split('\n')) {
    const absent = /^\s+(\S+) => not found/.exec(line)?.[1];
    if (absent !== undefined) missing.add(absent);
    const path = /^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)/.exec(line)?.[1];
    if (path !== undefined) found.add(path);
    // Musl names its loader twice, as the library and as itself, and both are the same file.
  }
  return { found: [...found], missing: [...missing] };
}

/** The extensions of iptables lie in a folder beside its library, by the library's real place. */
export async function xtablesFolder(entries: readonly ContextEntry[]): Promise<string | null> {
  const library = entries.find(({ path }) => /\/libxtables\.so/.test(path));
  const beside = library?.kind === 'copy' ? [dirname(await realpath(library.from))] : [];
  for (const folder of [...beside, '/usr/lib64', '/usr/lib', '/lib'])
    if (await isFolder(join(folder, 'xtables'))) return join(folder, 'xtables');
  return null;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
