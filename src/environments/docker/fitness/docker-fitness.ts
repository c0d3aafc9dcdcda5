/** What the Docker environment can do here: each fault is done once to a node made for it, and undone. */
import { connect } from 'node:net';
import { type Fitness, type FaultFitness, can, cannot, unfit } from '../../fitness.ts';
import { type Engine, type EngineFacts, engineMessage, probeEngine, within } from '../engine.ts';
import { type Images, ensureImages } from '../images/images.ts';
import { reapDeadRuns } from '../leftovers.ts';
import { tryClock, tryKill, tryPartition, tryPause, tryShaping } from './fault-trials.ts';
import { Trial } from './trial.ts';
import { trialPort } from './trial-program.ts';

export interface FitnessOptions {
  /** Hears what takes time: the building of images. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** In milliseconds, for all the trials together; the building of images has limits of its own. */
const limit = 60_000;

/** Does not throw but for an abort. */
export async function dockerFitness({ progress, signal }: FitnessOptions): Promise<Fitness> {
  const probe = await probeEngine();
  if (!probe.available) return unfit('docker', `No engine: ${probe.reason}.`, probe.advice);
  const about = describe(probe.facts);
  let images: Images;
  try {
    images = await ensureImages(probe, { progress, signal });
  } catch (error) {
    signal.throwIfAborted();
    const [summary = '', ...rest] = engineMessage(error).split('\n');
    return unfit('docker', `${about} No images: ${summary}`, rest.join('\n'));
  }
  return tryAll(probe, images, about, signal);
}

async function tryAll(engine: Engine, images: Images, about: string, signal: AbortSignal): Promise<Fitness> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  const facts = [`Images: made from ${images.origin}.`, ...peculiarities(engine.facts)];
  try {
    // A doctor that was killed half-way leaves its trial to the next one.
    await within(reapDeadRuns(engine), limited);
    await using trial = await Trial.start(engine, images, limited);
    if (!(await trial.answers())) return unfit('docker', `${about} ${await lastWords(trial)}`, restartAdvice, facts);
    return {
      environment: 'docker',
      usable: true,
      summary: about,
      advice: null,
      facts: [...facts, await reachability(trial, engine.facts)],
      faults: await tryFaults(trial, engine.facts, images),
    };
  } catch (error) {
    signal.throwIfAborted();
    return unfit('docker', `${about} A trial failed: ${engineMessage(error)}.`, restartAdvice, facts);
  }
}

async function tryFaults(trial: Trial, facts: EngineFacts, images: Images): Promise<readonly FaultFitness[]> {
  return [
    await tryPartition(trial),
    await tryKill(trial),
    await tryPause(trial, facts),
    await tryClock(trial, images),
    can('membership', 'is asked of the system itself, where it can change its members'),
    ...(await tryShaping(trial)),
    cannot('packets:loss', 'TCP hides the loss, doubling and reordering of packets', elsewhere),
    cannot('disk', 'nothing here breaks the disks of containers', elsewhere),
  ];
}

const elsewhere = 'Use --env sim, which has all faults.';
const restartAdvice = 'Look at docker info and the log of the engine; a restart of the engine often helps.';

async function lastWords(trial: Trial): Promise<string> {
  const { State: state } = await trial.node.inspect();
  const log = await trial.node.logs({ stdout: true, stderr: true, tail: 5 });
  // Frames of the engine's log stream have binary heads.
  const said = log
    .toString()
    .replaceAll(/[^\n\x20-\x7e]/g, '')
    .trim();
  return state.Running
    ? 'A node started and did not answer.'
    : `A node ended with exit code ${state.ExitCode}: ${said || 'without a word'}.`;
}

const describe = (facts: EngineFacts): string =>
  `Docker ${facts.version} at ${facts.endpoint}: ${facts.system}, kernel ${facts.kernel}, ${facts.os}/${facts.architecture}, ` +
  `cgroup v${facts.cgroup}${facts.rootless ? ', rootless' : ''}, ${facts.cpus} CPUs, ${Math.round(facts.memory / 1e9)} GB.`;

function peculiarities(facts: EngineFacts): readonly string[] {
  return [
    ...(facts.desktop ? ['It runs in a virtual machine, so ports are published on loopback for the clients.'] : []),
    ...(facts.remote ? ['It is reached over a network: operations are timed here, and include the way there.'] : []),
    ...(facts.rootless && facts.cgroup === 1
      ? [
          'Without root and with cgroup v1, limits of memory and CPU are ignored: boot with systemd.unified_cgroup_hierarchy=1.',
        ]
      : []),
  ];
}

/** Whether clients can reach a container by its own address, as on Linux they can, and as through a virtual machine they cannot. */
async function reachability(trial: Trial, facts: EngineFacts): Promise<string> {
  const address = await trial.address();
  const reached = address !== null && address !== '' && (await within(dials(address), AbortSignal.timeout(5_000)));
  if (reached) return 'Containers are reached by their own addresses.';
  // As the environment chooses, in container-ground.
  const isPublished = facts.desktop && !facts.remote;
  const way = isPublished ? 'published ports on loopback take their place' : 'clients come through the engine instead';
  return `Containers are not reached by their own addresses from here: ${way}.`;
}

const dials = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port: trialPort, timeout: 1_000 });
    const finish = (reached: boolean) => (): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.on('connect', finish(true)).on('timeout', finish(false)).on('error', finish(false));
  });
