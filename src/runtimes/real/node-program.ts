/**
 * The life of a node process: reads its configuration, opens its log, starts the host, listens, and says `ready`.
 * It writes one line per notable event, with the time since the run began, for the person who reads the node's log.
 */
import { inspect } from 'node:util';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { nodeId } from '../../core/ids.ts';
import type { Inspection } from '../../core/inspection.ts';
import { seeded } from '../../core/random.ts';
import { inSeconds, milliseconds } from '../../core/time.ts';
import type { Crash } from '../../protocol/host.ts';
import { Host } from '../../protocol/host.ts';
import type { NodeRuntime } from '../../protocol/node-runtime.ts';
import type { Dialect, Machine, Protocol } from '../../protocol/protocol.ts';
import type { AnyProtocolSystem, System } from '../../protocol/system.ts';
import { asProtocol } from '../../protocol/system.ts';
import { parseAddress } from './address.ts';
import type { Clock } from './clock.ts';
import { realClock } from './clock.ts';
import { RealDisk } from './disk.ts';
import { exitCodes } from './exit-codes.ts';
import { RealNetwork } from './network.ts';
import type { NodeConfig } from './node-config.ts';
import { parseNodeConfig } from './node-config.ts';
import { inSources } from './source-positions.ts';

const observeEvery = milliseconds(50);

/** Runs until the process exits. `argument`: node-config.ts says what it may be. `find` looks a system up by its name. */
export async function runNode(argument: string, find: (name: string) => System | undefined): Promise<void> {
  let config: NodeConfig;
  let system: AnyProtocolSystem;
  try {
    config = parseNodeConfig(argument === '-' ? await firstLine(process.stdin) : argument);
    system = found(find(config.system), config.system);
  } catch (error) {
    process.stdout.write(`${messageOf(error)}\n`);
    process.exit(exitCodes.cannotStart);
  }
  const clock = realClock(config.epoch);
  const log = (line: string): void => {
    process.stdout.write(`${inSeconds(clock.monotonic()).toFixed(3).padStart(9)} ${config.self} ${line}\n`);
  };
  const exit = (code: number, why: string): never => {
    log(`exit ${code}: ${why}`);
    process.exit(code);
  };
  if (config.exitWithStdin) process.stdin.resume().on('close', () => exit(exitCodes.orphaned, 'the harness is gone'));
  log(
    `life ${config.life} of ${config.system}${config.options.bug === null ? '' : ` with the bug ${config.options.bug}`}, process ${process.pid}`,
  );
  const { disk, records, cut } = await RealDisk.open(config.directory).catch((error: unknown) =>
    exit(exitCodes.diskFailed, messageOf(error)),
  );
  log(`${records.length} records survived${cut === 0 ? '' : `, ${cut} bytes of a torn tail were cut off`}`);
  try {
    await start(config, system, { clock, disk, records, log, exit });
  } catch (error) {
    exit(exitCodes.cannotStart, messageOf(error));
  }
  log('ready');
}

interface Surroundings {
  readonly clock: Clock;
  readonly disk: RealDisk;
  readonly records: readonly string[];
  readonly log: (line: string) => void;
  readonly exit: (code: number, why: string) => never;
}

async function start(
  config: NodeConfig,
  system: AnyProtocolSystem,
  { clock, disk, records, log, exit }: Surroundings,
): Promise<void> {
  const network = new RealNetwork({
    listen: { peers: parseAddress(config.listen.peers), clients: parseAddress(config.listen.clients) },
    peers: new Map(
      Object.entries(config.peers)
        .filter(([peer]) => peer !== config.self)
        .map(([peer, address]) => [nodeId(peer), parseAddress(address)]),
    ),
  });
  const frames = config.logLevel === 'frames';
  const runtime: NodeRuntime = {
    now: () => clock.now(),
    after: (delay, fire) => clock.after(delay, fire),
    disk,
    network: frames
      ? {
          send: (to: NodeId, frame: string) => (log(`> ${frame}`), network.send(to, frame)),
          answer: (client, frame) => (log(`> ${frame}`), network.answer(client, frame)),
        }
      : network,
  };
  const observed = observe(system.protocol as Protocol<Dialect>);
  const host = new Host({
    protocol: observed.protocol,
    context: {
      self: config.self,
      nodes: config.nodes,
      members: config.members,
      life: config.life,
      random: seeded(config.seed).fork(`node ${config.self}`).fork(`life ${config.life}`),
      options: config.options,
    },
    runtime,
    records,
    sync: config.sync,
    onCrash: (crash) => exit(...ending(crash)),
  });
  logRoles(clock, observed.inspect, log);
  await network.listen({
    receivePeer: (frame) => (frames && log(`< ${frame}`), host.receivePeer(frame)),
    receiveClient: (frame) => (frames && log(`< ${frame}`), host.receiveClient(frame)),
  });
}

const ending = ({ finding, error }: Crash): [code: number, why: string] =>
  finding
    ? [exitCodes.crashed, `a step threw: ${inSources(inspect(error))}`]
    : [exitCodes.diskFailed, `the disk failed: ${messageOf(error)}`];

/** Keeps the machine that a protocol starts, so that its role can be logged as it changes. */
function observe(protocol: Protocol<Dialect>): { protocol: Protocol<Dialect>; inspect: () => Inspection | null } {
  let machine: Machine<Dialect> | null = null;
  return {
    inspect: () => machine?.inspect() ?? null,
    protocol: {
      name: protocol.name,
      start: (...begin) => (machine = protocol.start(...begin)),
    },
  };
}

function logRoles(clock: Clock, inspectMachine: () => Inspection | null, log: (line: string) => void): void {
  let last = '';
  const look = (): void => {
    const { role: name, term } = inspectMachine() ?? { role: '' };
    const words = name === '' ? '' : term === undefined ? name : `${name}, term ${term}`;
    if (words !== last) log(words);
    last = words;
    clock.after(observeEvery, look);
  };
  look();
}

function found(system: System | undefined, name: string): AnyProtocolSystem {
  if (system === undefined) throw new Error(`This program knows no system ${name}.`);
  return asProtocol(system);
}

/** The stream goes on after it, but for what came with the line. Rejects where the stream ends before the line does. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const ended = (): void =>
      reject(new Error('The configuration of the node did not come: its standard input ended.'));
    const take = (chunk: string): void => {
      text += chunk;
      if (!text.includes('\n')) return;
      stream.pause().off('data', take).off('end', ended);
      resolve();
    };
    stream.setEncoding('utf8').on('data', take).on('end', ended);
  });
  return text.slice(0, text.indexOf('\n'));
}
