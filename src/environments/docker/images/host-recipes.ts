/** What the images take from this machine where no registry can be reached. */
import { readFile, readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { copied, findProgram, inImage, withLibraries, xtablesFolder } from './host-programs.ts';
import { isThere } from './package-root.ts';
import type { ContextEntry } from './recipe.ts';

/** The package's own, with the Dockerfiles and scripts. */
type DockerFolder = string;

/** A program that is wanted and is not on this machine, and which package has it. */
export class MissingPrograms extends Error {}

/** Null where this machine has no libfaketime; then the clocks cannot be moved, and all else works. */
export async function hostFaketime(): Promise<string | null> {
  const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib'];
  const triplets = (await readdir('/usr/lib').catch(() => [])).map((name) => join('/usr/lib', name));
  for (const folder of [...folders, ...triplets]) {
    const library = join(folder, 'faketime', 'libfaketimeMT.so.1');
    if (await isThere(library)) return library;
  }
  return null;
}

/** This machine's Node, at the place where the harness starts it. */
export async function hostNode(faketime: string | null): Promise<readonly ContextEntry[]> {
  const node = await realpath(process.execPath);
  const place = '/usr/local/bin/node';
  return [
    ...(await withLibraries([node])),
    ...(node === place ? [] : [link(place, node)]),
    ...(await externalBuiltins()),
    ...(faketime === null ? [] : await faketimeEntries(faketime)),
    { kind: 'folder', path: inImage('/data') },
    { kind: 'folder', path: inImage('/tmp') },
  ];
}

async function faketimeEntries(library: string): Promise<readonly ContextEntry[]> {
  const own = { ...copied(library), path: inImage('/harness/lib/libfaketimeMT.so.1') } as ContextEntry;
  return [...(await withLibraries([library])).filter(({ path }) => path !== inImage(library)), own];
}

/** Distributions may keep parts of Node's own library in files; Node knows which, and does not start without them. */
async function externalBuiltins(): Promise<readonly ContextEntry[]> {
  const variables = process.config.variables as unknown as { readonly [name: string]: unknown };
  const files = Object.entries(variables).flatMap(([name, value]) =>
    /^node_builtin_.*path$/.test(name) && typeof value === 'string' && value.startsWith('/') ? [value] : [],
  );
  return files.map(copied);
}

/** The shell tries the tools while the image is built, and serves whoever wants to look into a holder. */
const tools = ['tc', 'sh'] as const;
const tables = ['nft', 'legacy'].flatMap((kind) => ['', '-restore', '-save'].map((part) => `iptables-${kind}${part}`));
/** From before there were two kinds, or where a distribution has one only. */
const plainTables = ['iptables', 'iptables-restore', 'iptables-save'];
/** The extensions that rules of ours use, and a few that somebody who looks into a holder may want. */
const extensions = ['xt_standard', 'xt_tcp', 'xt_udp', 'xt_statistic', 'xt_comment', 'xt_multiport', 'ipt_REJECT'];

/** This machine's tc and iptables, and a shell. */
export async function hostTools(docker: DockerFolder): Promise<readonly ContextEntry[]> {
  const found = await findAll([...tools, ...tables]);
  const some = tables.some((name) => found.has(name)) ? new Map<string, string>() : await findAll(plainTables);
  const missing = [
    ...tools.filter((name) => !found.has(name)),
    ...(some.size === 0 && !tables.some((name) => found.has(name)) ? ['iptables'] : []),
  ];
  if (missing.length > 0)
    throw new MissingPrograms(
      `this machine has no ${missing.join(' and no ')} (Debian: sudo apt-get install iptables iproute2)`,
    );
  const files = new Set<string>();
  const links: ContextEntry[] = [];
  for (const [name, path] of [...found, ...some]) {
    const file = await realpath(path);
    files.add(file);
    // Several of these are one program that looks at the name it was called by.
    const place = `/usr/sbin/${name}`;
    if (file !== place) links.push(link(name === 'sh' ? '/bin/sh' : place, file));
  }
  const programs = await withLibraries([...files]);
  return [...programs, ...(await xtables(programs)), ...links, await script(docker, 'holder/try-tools.sh')];
}

async function findAll(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of names) {
    const path = await findProgram(name);
    if (path !== null) found.set(name, path);
  }
  return found;
}

async function xtables(programs: readonly ContextEntry[]): Promise<readonly ContextEntry[]> {
  const folder = await xtablesFolder(programs);
  if (folder === null) return [];
  const files = extensions.map((name) => join(folder, `lib${name}.so`));
  const there = await Promise.all(files.map(isThere));
  const present = files.filter((_, index) => there[index]);
  return present.length === 0 ? [] : withLibraries(present);
}

/** A script of ours, which images have beside their programs. */
export const script = async (docker: DockerFolder, name: string): Promise<ContextEntry> => ({
  kind: 'text',
  path: inImage(`/harness/${basename(name)}`),
  text: await readFile(join(docker, name), 'utf8'),
  executable: true,
});

const link = (path: string, to: string): ContextEntry => ({ kind: 'link', path: inImage(path), to });
