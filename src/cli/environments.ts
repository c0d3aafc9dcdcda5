/** Which environments there are, and which one a run takes when the user did not say. */
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { DockerOptions } from '../environments/docker/docker.ts';
import type { Engine } from '../environments/docker/engine.ts';
import type { NodeLimits } from '../environments/docker/parts.ts';
import type { Environment } from '../environments/environment.ts';
import { simulation } from '../environments/simulation/simulation.ts';

export interface ChosenEnvironment {
  readonly environment: Environment;
  /** Completes the sentence "local, because ...". */
  readonly reason: string;
}

/** An environment before anything was made ready for it, which may take a while and may fail. */
export interface EnvironmentChoice extends Pick<Environment, 'name' | 'faults' | 'lacks'> {
  readonly reason: string;
  readonly open: (options: Omit<DockerOptions, 'limits'>) => Promise<Environment>;
}

/** The program that a node runs as a process of its own. */
const nodeProgram = new URL('./node-bundle.js', import.meta.url);

export const environmentNames = ['docker', 'local', 'sim'] as const;

export const simulated = (): ChosenEnvironment => ({ environment: simulation(), reason: '--env sim was given' });

/**
 * Asks for a Docker engine where the user did not say what to take. `limits`: what a node may use. What runs on real
 * nodes is loaded only where it is taken, since it takes longer to load than the simulation does.
 */
export async function chooseEnvironment(
  name: string | undefined,
  limits: Partial<NodeLimits> = {},
): Promise<EnvironmentChoice> {
  if (name === undefined) return await ordinary(limits);
  const reason = `--env ${name} was given`;
  if (name === 'sim') return ready(simulation(), reason, limits);
  if (name === 'local') return await onThisMachine(reason, limits);
  if (name === 'docker') {
    const { requireEngine } = await import('../environments/docker/engine.ts');
    return await inContainers(await requireEngine(), reason, limits);
  }
  throw unknownName('environment', name, environmentNames);
}

async function ordinary(limits: Partial<NodeLimits>): Promise<EnvironmentChoice> {
  const { probeEngine } = await import('../environments/docker/engine.ts');
  const probe = await probeEngine();
  if (!probe.available)
    return await onThisMachine(`no --env was given and no Docker engine answers: ${probe.reason}`, limits);
  const { version, endpoint } = probe.facts;
  return await inContainers(probe, `no --env was given and Docker ${version} answers at ${endpoint}`, limits);
}

async function onThisMachine(reason: string, limits: Partial<NodeLimits>): Promise<EnvironmentChoice> {
  const { local } = await import('../environments/local/local.ts');
  return ready(local(nodeProgram), reason, limits);
}

async function inContainers(engine: Engine, reason: string, limits: Partial<NodeLimits>): Promise<EnvironmentChoice> {
  const { dockerFaultKinds, dockerLacks, openDocker } = await import('../environments/docker/docker.ts');
  const open: EnvironmentChoice['open'] = (options) => openDocker(engine, nodeProgram, { ...options, limits });
  return { name: 'docker', faults: dockerFaultKinds, lacks: dockerLacks, reason, open };
}

function ready(environment: Environment, reason: string, limits: Partial<NodeLimits>): EnvironmentChoice {
  const { name, faults, lacks = new Map() } = environment;
  if (Object.keys(limits).length > 0)
    throw new UsageError(
      `The environment ${name} cannot limit what a node uses: --node-memory and --node-cpus are for docker.`,
    );
  return { name, faults, lacks, reason, open: async () => environment };
}
