import { posix, relative, sep } from 'node:path';
import type { Environment, Lacks } from '../environment.ts';
import type { FaultKind } from '../faults.ts';
import { compiledPath } from '../real/compiled-path.ts';
import { assertFresh } from '../real/program-age.ts';
import { startCluster } from '../real/real-cluster.ts';
import { ordinaryFaultKinds } from '../real/real-faults.ts';
import { abilitiesOf } from './abilities.ts';
import { packetLacks } from './packet-faults.ts';
import { DockerCluster } from './docker-cluster.ts';
import type { Engine } from './engine.ts';
import type { ImageOptions } from './images/images.ts';
import { ensureImages } from './images/images.ts';
import { packageRoot } from './images/package-root.ts';
import { reapDeadRuns } from './leftovers.ts';
import type { DockerParts, NodeLimits, Reach } from './parts.ts';

export interface DockerOptions extends Omit<ImageOptions, 'program'> {
  readonly limits?: Partial<NodeLimits>;
  readonly reach?: Reach;
  /** Find out what the kernel can do to packets, which takes a second; without it, packets are not offered. */
  readonly tryPackets?: boolean;
}

/** Everything that containers may be able to do; which of it they can is known when the images are there. */
export const dockerFaultKinds: ReadonlySet<FaultKind> = new Set<FaultKind>([...ordinaryFaultKinds, 'clock', 'packets']);

/** What no kernel can do in containers. */
export const dockerLacks: Lacks = packetLacks(null);

/**
 * Nodes in containers. `nodeProgram` is what a node runs: in the CLI `new URL('./node-bundle.js', import.meta.url)`; a
 * path in the sources stands for the compiled file. Builds the images where they are missing; rejects with a UsageError
 * where they cannot be had.
 */
export async function openDocker(engine: Engine, nodeProgram: URL, options: DockerOptions = {}): Promise<Environment> {
  const compiled = compiledPath(nodeProgram);
  assertFresh(compiled);
  const program = relative(await packageRoot(), compiled).replaceAll(sep, '/');
  const images = await ensureImages(engine, { ...options, program });
  const { memory = null, cpus = null } = options.limits ?? {};
  const abilities = options.tryPackets === true ? await abilitiesOf(engine, images) : null;
  const canShape = abilities !== null && (abilities.rate || abilities.delay);
  const faults = new Set<FaultKind>([
    ...ordinaryFaultKinds,
    ...(images.faketime === null ? [] : ['clock' as const]),
    ...(canShape ? ['packets' as const] : []),
  ]);
  const limits = { memory, cpus };
  const parts: DockerParts = {
    engine,
    images,
    program: posix.join('/harness', program),
    limits,
    faults,
    reach: options.reach,
  };
  return {
    name: 'docker',
    faults,
    lacks: packetLacks(abilities),
    deploy: async (deployment, signal) => {
      await reapDeadRuns(engine);
      return await startCluster(() => new DockerCluster(deployment, parts), signal);
    },
  };
}
