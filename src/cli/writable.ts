/** Before hours of work: can what comes of it be written? Nothing is made yet, since perhaps nothing will have to be. */
import { constants, accessSync, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError, messageOf } from '../core/errors.ts';

/** Throws a UsageError where no folder can be made or filled at this path. */
export function requireFolder(path: string, flag: string): void {
  if (path === '') throw new UsageError(`${flag} wants a folder, and got an empty name.`);
  const there = nearest(resolve(path));
  const why = statSync(there).isDirectory() ? refusedWriting(there) : `${there} is not a folder`;
  if (why !== null) throw new UsageError(`Nothing can be kept in ${path}: ${why}. Give another folder with ${flag}.`);
}

/** Throws a UsageError where no file of this name can be made or replaced. */
export function requireFile(path: string, flag: string): void {
  if (path === '') throw new UsageError(`${flag} wants a file, and got an empty name.`);
  const whole = resolve(path);
  if (existsSync(whole) && !statSync(whole).isFile())
    throw new UsageError(`${path} cannot be written: it is not a file. Give another one with ${flag}.`);
  const there = nearest(dirname(whole));
  const why = statSync(there).isDirectory() ? refusedWriting(there) : `${there} is not a folder`;
  if (why !== null) throw new UsageError(`${path} cannot be written: ${why}. Give another file with ${flag}.`);
}

/** The path itself, or the nearest above it that is there. */
function nearest(path: string): string {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
}

function refusedWriting(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
