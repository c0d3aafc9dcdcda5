/** The environment that needs nothing: a whole cluster in memory, on virtual time, the same for the same seed. */
import type { Environment } from '../environment.ts';
import { SimulatedCluster } from './cluster.ts';
import { simulatedFaultKinds } from './faults.ts';

export const simulation: Environment = {
  name: 'sim',
  faults: simulatedFaultKinds,
  deploy: async (deployment) => new SimulatedCluster(deployment),
};
