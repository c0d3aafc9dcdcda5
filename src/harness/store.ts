/** The folders that runs leave behind: `store/<name>/<time>/`, and links to the latest. */
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError, UsageError, messageOf } from '../core/errors.ts';
import { makeFolder, writeWhole } from './whole-file.ts';

export interface RunFolder {
  /** Absolute, or relative to where the harness was started, as the store is. */
  readonly path: string;
  /** `raft-register-partition/20261120T134502.123Z` */
  readonly name: string;
  write(path: string, content: string | Uint8Array): void;
}

/** ISO 8601 in its basic form, to the millisecond: `20261120T134502.123Z`. */
export const folderTime = (at: Date): string => at.toISOString().replaceAll(/[-:]/g, '');

/** Makes a new folder; runs side by side that began in the same millisecond get different ones. */
export function createRunFolder(store: string, name: string, at: Date): RunFolder {
  makeStore(join(store, name), store);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const time = folderTime(new Date(at.getTime() + attempt));
    const path = join(store, name, time);
    if (!makeNew(path)) continue;
    link(join(store, name, 'latest'), time);
    link(join(store, 'latest'), join(name, time));
    return openRunFolder(path, `${name}/${time}`);
  }
  throw new HarnessError(`No free folder for a run in ${join(store, name)}.`);
}

export const openRunFolder = (path: string, name: string): RunFolder => ({
  path,
  name,
  write(file, content) {
    writeWhole(join(path, file), content);
  },
});

/** What keeps the store from being there is the user's to mend: a file in its place, rights, a name that is too long. */
function makeStore(path: string, store: string): void {
  if (store === '') throw new UsageError('--store wants a folder, and got an empty name.');
  try {
    makeFolder(path);
  } catch (error) {
    throw new UsageError(`Runs cannot be kept in ${store}: ${messageOf(error)}. Give another folder with --store.`);
  }
}

function makeNew(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces the link in one step. */
function link(path: string, target: string): void {
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  symlinkSync(target, draft);
  renameSync(draft, path);
}
