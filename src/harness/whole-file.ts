/** Files of which a reader never sees half, in folders that are made on the way. */
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A crash may leave the draft beside it, and never half of the file. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  const draft = `${path}.${process.pid}.part`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/**
 * A folder, and those above it. One after the other, because Node's own recursive way never ends where a folder that is
 * there cannot get another one, as /proc. Throws what the file system says.
 */
export function makeFolder(path: string): void {
  const missing = [];
  for (let at = resolve(path); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const one of missing.length === 0 ? [resolve(path)] : missing) makeOne(one);
}

/** Somebody else may have made it meanwhile. A file in its place is no folder. */
function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}
