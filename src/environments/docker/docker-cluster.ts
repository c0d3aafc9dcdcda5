import type { Deployment } from '../environment.ts';
import { RealCluster } from '../real/real-cluster.ts';
import { ContainerGround } from './container-ground.ts';
import type { DockerParts } from './parts.ts';

/** A cluster of containers. */
export class DockerCluster extends RealCluster {
  readonly #ground: ContainerGround;

  /** Starts nothing but its supervisor. */
  constructor(deployment: Deployment, parts: DockerParts) {
    const ground = new ContainerGround(deployment, parts);
    super(deployment, ground);
    this.#ground = ground;
  }

  /** The name of its run, which all that it has made is labelled with. */
  get runName(): string {
    return this.#ground.run;
  }

  /** The pid of the process that clears up after a harness that was killed. */
  get supervisor(): number | undefined {
    return this.#ground.supervisor.pid;
  }
}
