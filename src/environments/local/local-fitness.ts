/** What local processes can do here: one child is paused and killed, and one socket is made. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../../core/errors.ts';
import { nodeId } from '../../core/ids.ts';
import { type FaultFitness, type Fitness, can, cannot, unfit } from '../fitness.ts';
import { socketFolder } from './socket-folder.ts';

/** Writes a point every 10 ms; ends with its standard input. */
const ticking =
  "setInterval(() => process.stdout.write('.'), 10); process.stdin.resume().on('close', () => process.exit());";
/** In milliseconds: how long a stopped child is listened to, and a running one is waited for. */
const silence = 150;
const patience = 5_000;

/** Does not throw. */
export async function localFitness(): Promise<Fitness> {
  try {
    await trySocket();
    const faults = await tryChild();
    return {
      environment: 'local',
      usable: true,
      summary: `Node ${process.version} on ${process.platform}/${process.arch}: nodes are processes of this machine.`,
      advice: null,
      facts: [],
      faults: [
        can('partition', 'links are proxies of our own, which let frames through or not'),
        ...faults,
        can('membership', 'is asked of the system itself, where it can change its members'),
        ...['clock', 'packets', 'disk'].map((fault) =>
          cannot(fault, 'local processes do not have it', `Use --env ${fault === 'clock' ? 'docker or ' : ''}sim.`),
        ),
      ],
    };
  } catch (error) {
    return unfit(
      'local',
      `Local processes cannot be used: ${messageOf(error)}.`,
      'Give it a short temporary folder that you may write to: TMPDIR=/tmp.',
    );
  }
}

async function trySocket(): Promise<void> {
  const folder = socketFolder([nodeId('n1')]);
  const server = createServer();
  try {
    server.listen(join(folder, 'n1.clients'));
    await once(server, 'listening', { signal: AbortSignal.timeout(patience) });
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryChild(): Promise<readonly FaultFitness[]> {
  const child = execa(process.execPath, ['-e', ticking], {
    reject: false,
    buffer: false,
    timeout: 4 * patience,
    stdin: 'pipe',
  });
  const ticks = (): Promise<unknown> => once(child.stdout, 'data', { signal: AbortSignal.timeout(patience) });
  try {
    await ticks();
    child.kill('SIGSTOP');
    const stopped = await fallsSilent(child.stdout);
    child.kill('SIGCONT');
    await ticks();
    child.kill('SIGKILL');
    await child;
    return [
      can('kill', 'a killed child was gone'),
      stopped
        ? can('pause', 'a stopped child fell silent, and went on')
        : cannot('pause', 'a stopped child went on', 'Use another environment: this system does not stop processes.'),
    ];
  } finally {
    child.kill('SIGKILL');
  }
}

/** Whether nothing comes for a while; what was under way when it was stopped may still arrive. */
async function fallsSilent(stream: NodeJS.ReadableStream): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const heard = await once(stream, 'data', { signal: AbortSignal.timeout(silence) }).then(
      () => true,
      () => false,
    );
    if (!heard) return true;
  }
  return false;
}
