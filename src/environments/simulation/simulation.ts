/** The environment that needs nothing: a whole cluster in memory, on virtual time, the same for the same seed. */
import type { Environment } from '../environment.ts';
import { SimulatedCluster } from './cluster.ts';
import { simulatedFaultKinds } from './faults.ts';
import { ordinaryStormLimit } from './storm.ts';
import type { StepObserver } from '../../runtimes/simulated/timeline.ts';

/** After this many events the loop lets the process look at its signals and files. */
const ordinaryBreath = 20_000;

export interface SimulationOptions {
  /** After how many events the loop lets promises of the caller go on. Tests that await take every event. */
  readonly breath?: number;
  /** After how many steps within one second of virtual time a run is ended as a storm. */
  readonly stormLimit?: number;
  /** Hears of every step of every machine before it is taken: what the hash of the trace is made of. */
  readonly observe?: StepObserver;
}

export const simulation = ({
  breath = ordinaryBreath,
  stormLimit = ordinaryStormLimit,
  observe,
}: SimulationOptions = {}): Environment => ({
  name: 'sim',
  faults: simulatedFaultKinds,
  lacks: new Map([['packets:rate', 'In the simulation frames have no length: packets:rate is for --env docker.']]),
  deploy: async (deployment) => new SimulatedCluster(deployment, { breath, stormLimit, observe }),
});
