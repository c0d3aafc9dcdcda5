import type { Environment } from '../environment.ts';
import { compiledPath } from '../real/compiled-path.ts';
import { startCluster } from '../real/real-cluster.ts';
import { ordinaryFaultKinds } from '../real/real-faults.ts';
import { LocalCluster } from './local-cluster.ts';
import { reapDeadOwners } from './owners.ts';

/**
 * Nodes as processes of this machine. `nodeProgram` is what a node process runs: in the CLI
 * `new URL('./node-bundle.js', import.meta.url)`. A path in the sources stands for the compiled file.
 */
export function local(nodeProgram: URL): Environment {
  return {
    name: 'local',
    faults: new Set(ordinaryFaultKinds),
    deploy: (deployment, signal) =>
      startCluster(() => {
        reapDeadOwners();
        return new LocalCluster(deployment, compiledPath(nodeProgram));
      }, signal),
  };
}
