/**
 * What goes into an image, as a value: so its name can be the hash of all of it, and an image that is there under that
 * name needs no building.
 */
import { type Hash, createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import { HarnessError } from '../../../core/errors.ts';

/** A file or link of the build context. `path` is relative to the context, with slashes. */
export type ContextEntry =
  | { readonly kind: 'copy'; readonly path: string; readonly from: string; readonly executable: boolean }
  | { readonly kind: 'text'; readonly path: string; readonly text: string; readonly executable: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'folder'; readonly path: string };

/** `base` is what nodes and holders share; `tools` is what a holder has more. Their programs lie on top. */
export type ImageRole = 'base' | 'tools' | 'node' | 'holder';

export interface Recipe {
  readonly role: ImageRole;
  readonly dockerfile: string;
  readonly entries: readonly ContextEntry[];
  /** As `process.arch` spells it. */
  readonly architecture: string;
  /** What the Dockerfile is FROM, by name and by what identifies its content; null for scratch. */
  readonly parent: { readonly name: string; readonly identity: string } | null;
  readonly origin: string;
  /** What `--base` said, if it did. */
  readonly base: string | null;
}

/** On each image that we made; containers inherit it. */
export const imageLabel = 'harness.image';

/** On images for which somebody named a base, which then holds until they are removed. */
export const baseLabel = 'harness.base';

export const labelsOfImage = ({ role, origin, base }: Recipe): { [label: string]: string } => ({
  [imageLabel]: role,
  'harness.origin': origin,
  ...(base === null ? {} : { [baseLabel]: base }),
});

export const repositoryOf = (role: ImageRole): string => `harness-${role}`;

/** The name under which an image of this recipe is kept. */
export async function nameOf({ role, dockerfile, entries, architecture, parent }: Recipe): Promise<string> {
  const hash = createHash('sha256');
  // Each part with its length, so that no two recipes run together into the same bytes.
  const add = (part: string | Buffer): void => void hash.update(`${part.length}:`).update(part);
  add(dockerfile);
  add(architecture);
  add(parent?.identity ?? 'scratch');
  const room = Buffer.allocUnsafe(pieceLength);
  for (const entry of inOrder(entries)) {
    add(`${entry.kind} ${entry.path}`);
    if (entry.kind === 'copy' || entry.kind === 'text') add(entry.executable ? 'x' : '-');
    if (entry.kind === 'copy') await addFileTo(hash, entry.from, room);
    else add(await contentOf(entry));
  }
  return `${repositoryOf(role)}:${hash.digest('hex').slice(0, 16)}`;
}

/** In bytes. A program of a hundred megabytes takes many times as long when it is first put together in memory. */
const pieceLength = 2 ** 20;

/** The length of the file and its content, as of any other part. */
async function addFileTo(hash: Hash, path: string, room: Buffer): Promise<void> {
  await using file = await open(path);
  const { size } = await file.stat();
  hash.update(`${size}:`);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(room, 0, room.length);
    if (bytesRead === 0) break;
    hash.update(room.subarray(0, bytesRead));
    length += bytesRead;
  }
  if (length !== size) throw new HarnessError(`${path} changed while it was read for an image. Try again.`);
}

/**
 * The build context: the entries and the Dockerfile, as the engine wants them. All is read before the first byte goes
 * out, since nobody hears a stream that fails half-way.
 */
export async function contextOf({ entries, dockerfile }: Recipe): Promise<Readable> {
  const sorted = inOrder(entries);
  const contents = await Promise.all(sorted.map(contentOf));
  const tar = pack();
  void fill(tar, dockerfile, sorted, contents).catch((error: unknown) => tar.destroy(error as Error));
  // A stream of Node's own: this one's comes from a library that others do not take for a stream.
  return tar.pipe(new PassThrough());
}

async function fill(
  tar: Pack,
  dockerfile: string,
  entries: readonly ContextEntry[],
  contents: readonly Buffer[],
): Promise<void> {
  await addFile(tar, 'Dockerfile', Buffer.from(dockerfile), false);
  for (const [index, entry] of entries.entries())
    if (entry.kind === 'link') await addLink(tar, entry.path, entry.to);
    else if (entry.kind === 'folder') await addFolder(tar, entry.path);
    else await addFile(tar, entry.path, contents[index] ?? Buffer.alloc(0), entry.executable);
  tar.finalize();
}

/** Of all entries: the classic builder's own cache then has nothing to see but content. */
const mtime = new Date(0);

const addFile = (tar: Pack, name: string, content: Buffer, executable: boolean): Promise<void> =>
  settled((done) => tar.entry({ name, mode: executable ? 0o755 : 0o644, mtime }, content, done));

const addLink = (tar: Pack, name: string, linkname: string): Promise<void> =>
  settled((done) => tar.entry({ name, linkname, type: 'symlink', mtime }, done));

const addFolder = (tar: Pack, name: string): Promise<void> =>
  settled((done) => tar.entry({ name, type: 'directory', mode: 0o755, mtime }, done));

const settled = (act: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => act((error) => (error === undefined || error === null ? resolve() : reject(error))));

async function contentOf(entry: ContextEntry): Promise<Buffer> {
  if (entry.kind === 'copy') return readFile(entry.from);
  return Buffer.from(entry.kind === 'text' ? entry.text : entry.kind === 'link' ? entry.to : '');
}

/** By path, each path once: two programs may bring the same library. */
function inOrder(entries: readonly ContextEntry[]): readonly ContextEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
