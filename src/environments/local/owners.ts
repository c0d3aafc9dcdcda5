/**
 * Who owns which processes. Every cluster leaves a file that names its harness and all that it started; the next start
 * kills and removes what belongs to a harness that is dead, and nothing else: not what a living harness owns, not what
 * was written on another machine, before another boot or in another pid namespace, where the same pids mean others.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { HarnessError } from '../../core/errors.ts';
import type { PidScope, ProcessIdentity } from '../real/process-table.ts';
import { identify, isAlive, killProcess, pidScope } from '../real/process-table.ts';

export interface Ownership {
  readonly harness: ProcessIdentity;
  readonly scope: PidScope;
  /** The temporary folder of its sockets. */
  readonly folder: string;
  readonly processes: readonly ProcessIdentity[];
}

/** Temporary folders are called so; nothing else is ever removed. */
export const folderPrefix = 'harness-run-';

const identity = v.strictObject({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(2)),
  startedAt: v.pipe(v.string(), v.minLength(1)),
});
const schema = v.strictObject({
  harness: identity,
  scope: v.strictObject({ machine: v.string(), boot: v.string(), namespace: v.string() }),
  folder: v.string(),
  processes: v.array(identity),
});

/** Below the temporary folder of the system, one per user. */
export const ownersFolder = (): string => join(resolve(tmpdir()), `harness-owners-${userInfo().uid}`);

export class OwnerFile {
  readonly path: string;
  readonly #ownership: Omit<Ownership, 'processes'>;
  readonly #processes = new Map<number, ProcessIdentity>();

  /** Writes the file for this process and the folder. Throws when the owners' folder is somebody else's. */
  constructor(folder: string, owners: string = ownersFolder()) {
    const harness = identify(process.pid);
    if (harness === null) throw new HarnessError('This system does not say when its processes started.');
    mkdirSync(owners, { recursive: true, mode: 0o700 });
    const stat = lstatSync(owners);
    if (!stat.isDirectory() || stat.uid !== userInfo().uid)
      throw new HarnessError(`${owners} belongs to somebody else. Remove it, or set TMPDIR to a folder of your own.`);
    this.path = join(owners, `${process.pid}-${randomUUID()}.json`);
    this.#ownership = { harness, scope: pidScope(), folder };
    this.#write();
  }

  add(started: ProcessIdentity): void {
    this.#processes.set(started.pid, started);
    this.#write();
  }

  delete(gone: ProcessIdentity): void {
    if (this.#processes.delete(gone.pid)) this.#write();
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #write(): void {
    const ownership: Ownership = { ...this.#ownership, processes: [...this.#processes.values()] };
    // Somebody may have swept the temporary folder meanwhile.
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.path}.next`, JSON.stringify(ownership), { mode: 0o600 });
    renameSync(`${this.path}.next`, this.path);
  }
}

/** What was taken away, for a line of the log. */
export interface Reaped {
  readonly processes: number;
  readonly folders: readonly string[];
}

/** Kills and removes what dead owners left behind. Quick and quiet when there is nothing. */
export function reapDeadOwners(owners: string = ownersFolder(), scope: PidScope = pidScope()): Reaped {
  let processes = 0;
  const folders: string[] = [];
  for (const name of namesIn(owners)) {
    const path = join(owners, name);
    const ownership = read(path);
    if (ownership === null || !sameScope(ownership.scope, scope) || isAlive(ownership.harness)) continue;
    for (const left of ownership.processes) if (killProcess(left)) processes++;
    if (basename(ownership.folder).startsWith(folderPrefix) && dirname(ownership.folder) === dirname(owners)) {
      rmSync(ownership.folder, { recursive: true, force: true });
      folders.push(ownership.folder);
    }
    rmSync(path, { force: true });
  }
  return { processes, folders };
}

const sameScope = (one: PidScope, other: PidScope): boolean =>
  one.machine === other.machine && one.boot === other.boot && one.namespace === other.namespace;

function namesIn(owners: string): string[] {
  try {
    return readdirSync(owners).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

/** Null for a file that is gone, or that no version of ours wrote. */
function read(path: string): Ownership | null {
  try {
    return v.parse(schema, JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
