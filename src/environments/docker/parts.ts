/** What every cluster of containers is made of. */
import type { FaultKind } from '../faults.ts';
import type { Engine } from './engine.ts';
import type { Images } from './images/images.ts';

export interface DockerParts {
  readonly engine: Engine;
  readonly images: Images;
  /** The compiled program of a node, as a path in the image. */
  readonly program: string;
  readonly limits: NodeLimits;
  /** Absent: by the first of these that works. */
  readonly reach?: Reach | undefined;
  /** What can be had here. */
  readonly faults: ReadonlySet<FaultKind>;
}

/**
 * How clients come to the nodes: by their addresses; by ports that the holders publish on the loopback of a machine whose
 * engine is in a virtual one; or through the engine, which may be anywhere.
 */
export type Reach = 'addresses' | 'published' | 'tunnels';

/** What one node may use; null: all that there is. */
export interface NodeLimits {
  /** Bytes. */
  readonly memory: number | null;
  readonly cpus: number | null;
}
