/** What runs have left on an engine: found by its labels, and removed where the owner is dead. */
import type Docker from 'dockerode';
import { messageOf } from '../../core/errors.ts';
import { pidScope } from '../real/process-table.ts';
import type { Engine } from './engine.ts';
import type { Labels, Owner, Vantage } from './labels.ts';
import { fateOf, ownerIn, runLabel } from './labels.ts';
import { reapFolders } from './temporary-folders.ts';

/** The names or ids of all that one run has on the engine. */
export interface RunRemains {
  readonly run: string;
  readonly owner: Owner | null;
  readonly fate: 'alive' | 'dead' | 'unknown';
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export interface Found {
  readonly kind: 'containers' | 'networks' | 'volumes';
  readonly name: string;
  readonly labels: Labels;
}

/** Everything of every run, the living ones too. */
export async function findRuns({ docker, facts }: Engine): Promise<readonly RunRemains[]> {
  const here = { scope: pidScope(), remote: facts.remote };
  const runs = new Map<string, Found[]>();
  for (const found of await findAll(docker, runLabel)) {
    const run = found.labels[runLabel] ?? '';
    runs.set(run, [...(runs.get(run) ?? []), found]);
  }
  return [...runs].map(([run, found]) => remainsOf(run, found, here));
}

export function remainsOf(run: string, found: readonly Found[], here: Vantage): RunRemains {
  const owners = found.map(({ labels }) => ownerIn(labels));
  const fates = owners.map((owner) => fateOf(owner, here));
  // A network or container that carries no owner, or another one, does not give the rest away.
  const fate = (['alive', 'unknown', 'dead'] as const).find((each) => fates.includes(each)) ?? 'unknown';
  const named = (kind: Found['kind']): readonly string[] =>
    found.filter((each) => each.kind === kind).map(({ name }) => name);
  return {
    run,
    // Whose fate it is.
    owner: owners[fates.indexOf(fate)] ?? null,
    fate,
    containers: named('containers'),
    networks: named('networks'),
    volumes: named('volumes'),
  };
}

async function findAll(docker: Docker, label: string): Promise<readonly Found[]> {
  const filters = { label: [label] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Labels }): Found => ({ kind: 'containers', name: Id, labels: Labels })),
    ...networks.map(({ Id, Labels }): Found => ({ kind: 'networks', name: Id, labels: Labels ?? {} })),
    ...(volumes ?? []).map(({ Name, Labels }): Found => ({ kind: 'volumes', name: Name, labels: Labels ?? {} })),
  ];
}

/** Removes what a run has made, in whatever state it is. Tells what could not be removed, and why. */
export async function removeRun(docker: Docker, run: string): Promise<readonly string[]> {
  const failures: string[] = [];
  // What was just being made shows up in the second look.
  for (let look = 0; look < 2; look++) {
    failures.length = 0;
    const found = await findAll(docker, `${runLabel}=${run}`);
    if (found.length === 0) return [];
    const of = (kind: Found['kind']): readonly string[] =>
      found.filter((each) => each.kind === kind).map(({ name }) => name);
    const attempt = (kind: string, name: string, removal: Promise<unknown>): Promise<unknown> =>
      removal.catch((error: unknown) => isGone(error) || failures.push(`${kind} ${name}: ${messageOf(error)}`));
    await Promise.all(
      of('containers').map((id) => attempt('container', id, docker.getContainer(id).remove({ force: true, v: true }))),
    );
    await Promise.all([
      ...of('networks').map((id) => attempt('network', id, docker.getNetwork(id).remove())),
      ...of('volumes').map((name) => attempt('volume', name, docker.getVolume(name).remove({ force: true }))),
    ]);
  }
  return failures;
}

/** No such thing, or somebody else is removing it already. */
function isGone(error: unknown): boolean {
  const { statusCode } = error as { readonly statusCode?: number };
  return statusCode === 404 || (statusCode === 409 && messageOf(error).includes('already in progress'));
}

export interface Cleaned {
  readonly removed: readonly RunRemains[];
  readonly left: readonly RunRemains[];
  readonly failures: readonly string[];
  /** Temporary ones of this machine. */
  readonly folders: readonly string[];
}

/** Removes what belongs to dead owners, and nothing else. Quick and quiet when there is nothing. */
export async function reapDeadRuns(engine: Engine): Promise<Cleaned> {
  const folders = reapFolders();
  const runs = await findRuns(engine);
  const removed = runs.filter(({ fate }) => fate === 'dead');
  const failures = await Promise.all(removed.map(({ run }) => removeRun(engine.docker, run)));
  return { removed, left: runs.filter(({ fate }) => fate !== 'dead'), failures: failures.flat(), folders };
}
