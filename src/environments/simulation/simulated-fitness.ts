import { type Fitness, can } from '../fitness.ts';
import { simulatedFaultKinds } from './faults.ts';

/** The simulation needs nothing that a machine could lack. */
export const simulatedFitness = (): Fitness => ({
  environment: 'sim',
  usable: true,
  summary: 'Nodes, network, clocks and disks are simulated, so nothing is needed.',
  advice: null,
  facts: [],
  faults: [...simulatedFaultKinds].map((kind) => can(kind, 'simulated')),
});
