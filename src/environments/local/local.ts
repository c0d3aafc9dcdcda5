import type { Cluster, Deployment, Environment } from '../environment.ts';
import { compiledPath } from './compiled-path.ts';
import { LocalCluster } from './local-cluster.ts';
import { localFaultKinds } from './local-faults.ts';
import { reapDeadOwners } from './owners.ts';

/**
 * Nodes as processes of this machine. `nodeProgram` is what a node process runs: in the CLI
 * `new URL('./node.js', import.meta.url)`. A path in the sources stands for the compiled file.
 */
export function local(nodeProgram: URL): Environment {
  return {
    name: 'local',
    faults: localFaultKinds,
    deploy: (deployment, signal) => deploy(deployment, compiledPath(nodeProgram), signal),
  };
}

async function deploy(deployment: Deployment, program: string, signal: AbortSignal): Promise<Cluster> {
  signal.throwIfAborted();
  reapDeadOwners();
  const cluster = new LocalCluster(deployment, program);
  const dispose = (): void => void cluster[Symbol.asyncDispose]().catch(() => null);
  signal.addEventListener('abort', dispose);
  try {
    await cluster.start(signal);
    signal.throwIfAborted();
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', dispose);
  }
}
