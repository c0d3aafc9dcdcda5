import type { Environment } from '../environment.ts';
import { compiledPath } from '../real/compiled-path.ts';
import { assertFresh } from '../real/program-age.ts';
import { startCluster } from '../real/real-cluster.ts';
import { ordinaryFaultKinds } from '../real/real-faults.ts';
import { LocalCluster } from './local-cluster.ts';
import { reapDeadOwners } from './owners.ts';

/**
 * Nodes as processes of this machine. `nodeProgram` is what a node process runs: in the CLI
 * `new URL('./node-bundle.js', import.meta.url)`. A path in the sources stands for the compiled file. Throws a UsageError
 * where that is older than its modules.
 */
export function local(nodeProgram: URL): Environment {
  const program = compiledPath(nodeProgram);
  assertFresh(program);
  return {
    name: 'local',
    faults: new Set(ordinaryFaultKinds),
    deploy: (deployment, signal) =>
      startCluster(() => {
        reapDeadOwners();
        return new LocalCluster(deployment, program);
      }, signal),
  };
}
