/**
 * The way to a Docker engine: DOCKER_HOST as Docker's own tools read it (unix, tcp, ssh, npipe), else the first socket
 * that is there. Whoever cannot get through is told why and what to do, since a missing engine, a forbidden socket and
 * an old engine look alike in an exception's words.
 */
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { messageOf, UsageError } from '../../core/errors.ts';
import { withAnswerLimit } from './answer-limit.ts';

/** A way to an engine that answered, and what it said about itself. */
export interface Engine {
  readonly docker: Docker;
  readonly facts: EngineFacts;
}

export interface EngineFacts {
  /** Where it was reached, as in DOCKER_HOST. */
  readonly endpoint: string;
  readonly version: string;
  readonly apiVersion: string;
  /** The operating system by its name, such as Debian GNU/Linux 12 (bookworm). */
  readonly system: string;
  /** `linux` wherever our images can run. */
  readonly os: string;
  /** As `process.arch` spells it: x64, arm64. */
  readonly architecture: string;
  readonly kernel: string;
  readonly cgroup: 1 | 2;
  readonly rootless: boolean;
  /** Docker Desktop and its like: the engine is in a virtual machine, and container addresses cannot be reached. */
  readonly desktop: boolean;
  /** Reached over a network, so on another machine as far as we know. */
  readonly remote: boolean;
  readonly cpus: number;
  /** In bytes. */
  readonly memory: number;
}

export type EngineProbe =
  | ({ readonly available: true } & Engine)
  /** `reason` is a clause without a full stop; `advice` is one or more sentences. */
  | { readonly available: false; readonly reason: string; readonly advice: string };

/** What the probe takes from the world. */
export interface EngineSurroundings {
  readonly variables: { readonly [name: string]: string | undefined };
  /** In milliseconds, for all of it. */
  readonly timeout: number;
  /** In milliseconds, for every question that is asked later. */
  readonly answerLimit: number;
}

/** Engine 20.10 says 1.41; older ones have no support any more and were never tried. */
const oldestApi = '1.41';

/** Asks the engine who it is. Does not throw, and does not take longer than the timeout. */
export async function probeEngine(surroundings: Partial<EngineSurroundings> = {}): Promise<EngineProbe> {
  const { variables = process.env, timeout = 3_000, answerLimit } = surroundings;
  const endpoint = await endpointOf(variables);
  const signal = AbortSignal.timeout(timeout);
  try {
    const docker = withAnswerLimit(connect(endpoint, variables), endpoint, answerLimit);
    // Its types do not know that dockerode takes a signal here; without one a silent engine would keep the process.
    const questions = docker as unknown as Questions;
    const version = await within(questions.version({ abortSignal: signal }), signal);
    if (isOlder(version.ApiVersion, oldestApi)) return tooOld(endpoint, version.Version, version.ApiVersion);
    const info = await within(questions.info({ abortSignal: signal }), signal);
    return { available: true, docker, facts: factsOf(endpoint, version, info) };
  } catch (error) {
    return explainFailure(error, endpoint, variables);
  }
}

/** Throws with the reason and the advice where no engine answers. */
export async function requireEngine(surroundings: Partial<EngineSurroundings> = {}): Promise<Engine> {
  const probe = await probeEngine(surroundings);
  if (probe.available) return probe;
  throw new UsageError(`No Docker engine: ${probe.reason}. ${probe.advice}`);
}

interface Questions {
  version(options: { readonly abortSignal: AbortSignal }): Promise<EngineVersion>;
  info(options: { readonly abortSignal: AbortSignal }): Promise<EngineInfo>;
}

interface EngineVersion {
  readonly Version: string;
  readonly ApiVersion: string;
}

interface EngineInfo {
  readonly OperatingSystem: string;
  readonly OSType: string;
  readonly Architecture: string;
  readonly KernelVersion: string;
  readonly CgroupVersion?: string;
  readonly SecurityOptions?: readonly string[];
  readonly NCPU: number;
  readonly MemTotal: number;
}

function factsOf(endpoint: string, { Version, ApiVersion }: EngineVersion, info: EngineInfo): EngineFacts {
  return {
    endpoint,
    version: Version,
    apiVersion: ApiVersion,
    system: info.OperatingSystem,
    os: info.OSType,
    architecture: architectureOf(info.Architecture),
    kernel: info.KernelVersion,
    cgroup: info.CgroupVersion === '2' ? 2 : 1,
    rootless: (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
    desktop: /docker desktop|orbstack|colima|rancher desktop/i.test(info.OperatingSystem),
    remote: !endpoint.startsWith('unix://') && !endpoint.startsWith('npipe://'),
    cpus: info.NCPU,
    memory: info.MemTotal,
  };
}

/** Docker spells architectures as uname does, Node in its own way. */
export function architectureOf(machine: string): string {
  const known: { readonly [machine: string]: string } = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64' };
  return known[machine] ?? machine;
}

/** Where Docker's tools put their socket: the system's, a rootless engine's, Docker Desktop's. */
async function endpointOf(variables: EngineSurroundings['variables']): Promise<string> {
  const given = variables['DOCKER_HOST'] ?? '';
  if (given !== '') return given.includes('://') ? given : `tcp://${given}`;
  if (process.platform === 'win32') return 'npipe:////./pipe/docker_engine';
  const home = variables['HOME'] ?? homedir();
  const runtime = variables['XDG_RUNTIME_DIR'];
  const usual = '/var/run/docker.sock';
  const sockets = [
    usual,
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
  ];
  for (const socket of sockets) if (await isThere(socket)) return `unix://${socket}`;
  return `unix://${usual}`;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function connect(endpoint: string, variables: EngineSurroundings['variables']): Docker {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(endpoint)?.[1];
  // A host, which dockerode would read from DOCKER_HOST by itself, would win over the socket.
  if (socket !== undefined) return new Docker({ socketPath: socket, host: undefined });
  const { protocol, hostname } = new URL(endpoint);
  if (!['tcp:', 'http:', 'https:', 'ssh:'].includes(protocol) || hostname === '')
    throw new UsageError(`DOCKER_HOST is ${endpoint}, which is no unix://, tcp:// or ssh:// address`);
  // Its client makes addresses of ssh in a way that Node warns of, which nobody who reads that here can mend.
  if (protocol === 'ssh:') process.noDeprecation = true;
  // Certificates and agents of tcp and ssh are dockerode's own reading of these variables.
  return variables === process.env ? new Docker() : new Docker({ host: hostname, port: new URL(endpoint).port });
}

/** Rejects when the signal fires first: an engine behind a dead network would keep us for minutes. */
export function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

const tooOld = (endpoint: string, version: string, apiVersion: string): EngineProbe => ({
  available: false,
  reason: `the engine at ${endpoint} is ${version} with API ${apiVersion}, and ${oldestApi} is the oldest we use`,
  advice: 'Install Docker Engine 20.10 or newer.',
});

const no = (reason: string, advice: string): EngineProbe => ({ available: false, reason, advice });

export function explainFailure(
  error: unknown,
  endpoint: string,
  variables: EngineSurroundings['variables'],
): EngineProbe {
  const code = (error as { readonly code?: unknown } | null)?.code;
  const isSet = (variables['DOCKER_HOST'] ?? '') !== '';
  const check = isSet ? 'Check DOCKER_HOST, or unset it to use the engine of this machine.' : '';
  if (error instanceof UsageError) return no(error.message, check);
  if (code === 'ENOENT')
    return no(
      `there is no socket at ${endpoint}`,
      check || 'Install Docker or start it (sudo systemctl start docker), or set DOCKER_HOST. Without it: --env local.',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return no(
      `you may not use the socket ${endpoint}`,
      'Add yourself to its group and log in again (sudo usermod -aG docker $USER), or run a rootless engine.',
    );
  if (code === 'ECONNREFUSED')
    return no(
      `nothing answers at ${endpoint}`,
      isSet ? check : 'The socket is a left-over: start the engine (sudo systemctl start docker).',
    );
  if (isTimeout(error))
    return no(`${endpoint} did not answer in time`, check || 'Look whether the engine hangs: docker info.');
  return no(`${endpoint}: ${engineMessage(error)}`, check || 'Try docker info, which reaches for the same engine.');
}

/** What the engine itself said, without dockerode's words around it. */
export const engineMessage = (thrown: unknown): string =>
  messageOf(thrown)
    .replace(/^\(HTTP code \d+\) [\w ]+ - (?=\S)/, '')
    .trim();

/** Node says AbortError where the signal's own reason is a TimeoutError. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
