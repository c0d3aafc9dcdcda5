/**
 * What the operating system knows of processes. A process is named by its pid and the time at which it started: a pid
 * alone may belong to somebody else by now. Linux is read from /proc, other systems through `ps`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly startedAt: string;
}

/** Where pids mean the same: this machine, since its last boot, in this pid namespace. */
export interface PidScope {
  readonly machine: string;
  readonly boot: string;
  readonly namespace: string;
}

const hasProc = existsSync('/proc/self/stat');

/** Null when there is no such process, or only its exit status is left of it. */
export function identify(pid: number): ProcessIdentity | null {
  const stat = hasProc ? statOf(`/proc/${pid}/stat`) : psOf(pid);
  return stat === null || 'ZX'.includes(stat.state) ? null : { pid, startedAt: stat.startedAt };
}

export const isAlive = ({ pid, startedAt }: ProcessIdentity): boolean => identify(pid)?.startedAt === startedAt;

/** How many threads the process has when every one of them is stopped; 0 when one is not, or the process is gone. */
export function stoppedThreads(pid: number): number {
  if (!hasProc) return psOf(pid)?.state === 'T' ? 1 : 0;
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return 0;
  }
  const stopped = threads.every((thread) => statOf(`/proc/${pid}/task/${thread}/stat`)?.state === 'T');
  return stopped ? threads.length : 0;
}

/** Sends SIGKILL to exactly this process; false when it is gone already. */
export function killProcess(identity: ProcessIdentity): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, 'SIGKILL');
  } catch {
    return false;
  }
}

export function pidScope(): PidScope {
  return {
    machine: firstLine('/etc/machine-id') ?? firstLine('/var/lib/dbus/machine-id') ?? hostname(),
    boot: firstLine('/proc/sys/kernel/random/boot_id') ?? bootTime(),
    namespace: linkTarget('/proc/self/ns/pid') ?? 'only',
  };
}

interface Stat {
  readonly state: string;
  readonly startedAt: string;
}

/** proc(5): the command in parentheses may hold anything, so fields are counted from the last parenthesis. */
function statOf(path: string): Stat | null {
  const text = firstLine(path);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

function psOf(pid: number): Stat | null {
  const line = saidBy('ps', ['-o', 'state=,lstart=', '-p', String(pid)]);
  return line === null || line === '' ? null : { state: line.slice(0, 1), startedAt: line.replace(/^\S+\s+/, '') };
}

const bootTime = (): string => saidBy('sysctl', ['-n', 'kern.boottime']) ?? 'unknown';

/** Node's own way: a library for processes would take a supervisor longer to load than all that it does. */
function saidBy(program: string, words: readonly string[]): string | null {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function firstLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] as string;
  } catch {
    return null;
  }
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
