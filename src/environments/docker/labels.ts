/**
 * Whose containers, networks and volumes these are. All that a run makes carries the run's name and its owner: pid,
 * start time, machine, boot and pid namespace. Only where the owner is known to be dead may somebody else remove it.
 */
import { hostname } from 'node:os';
import { HarnessError } from '../../core/errors.ts';
import type { PidScope, ProcessIdentity } from '../real/process-table.ts';
import { identify, isAlive, pidScope } from '../real/process-table.ts';

export interface Owner {
  readonly process: ProcessIdentity;
  readonly scope: PidScope;
  /** The name of its machine, for people. */
  readonly host: string;
}

export type Labels = { readonly [name: string]: string };

const prefix = 'harness.owner.';

/** The run that something belongs to. Nothing without this label is ever touched. */
export const runLabel = 'harness.run';

/** This process. */
export function ownOwner(): Owner {
  const own = identify(process.pid);
  if (own === null) throw new HarnessError('This system does not say when its processes started.');
  return { process: own, scope: pidScope(), host: hostname() };
}

export const labelsOf = (run: string, { process: { pid, startedAt }, scope, host }: Owner): Labels => ({
  [runLabel]: run,
  [`${prefix}pid`]: String(pid),
  [`${prefix}started`]: startedAt,
  [`${prefix}machine`]: scope.machine,
  [`${prefix}boot`]: scope.boot,
  [`${prefix}namespace`]: scope.namespace,
  [`${prefix}host`]: host,
});

/** Null when a label is missing: then nobody knows whose it is. */
export function ownerIn(labels: Labels): Owner | null {
  const of = (name: string): string => labels[`${prefix}${name}`] ?? '';
  const pid = Number(of('pid'));
  const [startedAt, machine, boot, namespace] = ['started', 'machine', 'boot', 'namespace'].map(of);
  if (!Number.isInteger(pid) || pid < 2 || !startedAt || !machine || !boot || !namespace) return null;
  return { process: { pid, startedAt }, scope: { machine, boot, namespace }, host: of('host') };
}

/** From where the owner of something is looked at. */
export interface Vantage {
  readonly scope: PidScope;
  /** The engine is on another machine, so others may use it that pass for this one: copies of a virtual machine. */
  readonly remote: boolean;
}

/** `unknown`: it lived on another machine, or in another pid namespace, where this one cannot look. */
export function fateOf(owner: Owner | null, { scope: here, remote }: Vantage): 'alive' | 'dead' | 'unknown' {
  if (owner === null || owner.scope.machine !== here.machine) return 'unknown';
  // No process outlives a restart of its machine; containers do.
  if (owner.scope.boot !== here.boot) return remote ? 'unknown' : 'dead';
  if (owner.scope.namespace !== here.namespace) return 'unknown';
  return isAlive(owner.process) ? 'alive' : 'dead';
}
