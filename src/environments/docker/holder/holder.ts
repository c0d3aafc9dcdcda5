/** The harness's side of a network holder: the container, and what is asked of the program in it. */
import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import { HarnessError } from '../../../core/errors.ts';
import type { ClockSkew, FaultId } from '../../faults.ts';
import { inTime } from '../../real/waiting.ts';
import type { Attached } from '../attached.ts';
import { attach } from '../attached.ts';
import type {
  Abilities,
  CollectedFile,
  Dialled,
  HolderMessage,
  HolderReport,
  HolderRequest,
  Pushed,
  ShapedWay,
} from './requests.ts';

/**
 * What its container runs, the arguments of the program after it. A shell keeps the network until something is asked of
 * it, which begins with an empty line: it starts in a twentieth of the program's time, and nodes need only the network.
 */
export const holderProgram: readonly string[] = [
  '/bin/sh',
  '-c',
  'read -r line && exec "$@"',
  'holder',
  '/usr/local/bin/node',
  '/harness/dist/src/environments/docker/holder/holder-program.js',
];

/** Milliseconds that it may take to answer, a dial and its own patience included. */
const patience = 8_000;

export interface TunnelEnd {
  readonly data: (chunk: Buffer) => void;
  readonly closed: () => void;
}

export interface TunnelChannel {
  readonly send: (chunk: Buffer) => void;
  readonly close: () => void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Holder {
  readonly id: string;
  /** Of its network, and so of the node. */
  readonly address: string;
  readonly #container: Docker.Container;
  readonly #name: string;
  readonly #streams: Attached;
  readonly #waiting = new Map<number, Waiting>();
  readonly #tunnels = new Map<number, TunnelEnd>();
  #requests = 0;
  #complaints = '';
  /** Its shell has been told to start the program. */
  #woken = false;
  #gone = false;
  /** Resolves when nothing can be asked of it any more. */
  readonly ended: Promise<void>;

  private constructor(name: string, address: string, container: Docker.Container, streams: Attached) {
    this.#name = name;
    this.id = container.id;
    this.#container = container;
    this.address = address;
    this.#streams = streams;
    createInterface({ input: streams.stdout }).on('line', (line) => this.#take(line));
    streams.stderr.on(
      'data',
      (chunk: Buffer) => (this.#complaints = (this.#complaints + chunk.toString()).slice(-2_000)),
    );
    streams.stdin.on('error', () => {});
    this.ended = streams.ended.then(() => this.#end());
  }

  /** Creates the container, which owns a network only when it is started. */
  static async create(
    docker: Docker,
    name: string,
    address: string,
    options: Docker.ContainerCreateOptions,
  ): Promise<Holder> {
    const container = await docker.createContainer({ ...options, name });
    return new Holder(name, address, container, await attach(docker, container));
  }

  async start(): Promise<void> {
    await this.#container.start();
  }

  /** Throws when it has ended. */
  assertThere(): void {
    if (this.#gone) throw this.#death();
  }

  /** Whether its container runs, whatever has become of the way to it. Rejects when the engine does not say. */
  async isRunning(): Promise<boolean> {
    return (await this.#container.inspect()).State.Running;
  }

  async abilities(): Promise<Abilities> {
    return (await this.#ask({ kind: 'abilities' })) as Abilities;
  }

  async cut(sources: readonly string[], ports: readonly number[] | null): Promise<void> {
    await this.#ask({ kind: 'cut', sources, ports });
  }

  async dropped(): Promise<{ readonly [source: string]: number }> {
    return (await this.#ask({ kind: 'dropped' })) as { readonly [source: string]: number };
  }

  async dial(host: string, port: number, within: number): Promise<Dialled> {
    return (await this.#ask({ kind: 'dial', host, port, within })) as Dialled;
  }

  async push(host: string, port: number, bytes: number, within: number): Promise<Pushed> {
    return (await this.#ask({ kind: 'push', host, port, bytes, within })) as Pushed;
  }

  async shape(ways: readonly ShapedWay[]): Promise<void> {
    await this.#ask({ kind: 'shape', ways });
  }

  async write(path: string, text: string): Promise<void> {
    await this.#ask({ kind: 'write', path, text });
  }

  async collect(path: string, most: number): Promise<readonly CollectedFile[]> {
    return (await this.#ask({ kind: 'collect', path, most })) as readonly CollectedFile[];
  }

  async skew(fault: FaultId, skew: ClockSkew | null): Promise<void> {
    await this.#ask({ kind: 'skew', fault, skew });
  }

  /** The machine's wall clock, in milliseconds since 1970. */
  async clock(): Promise<number> {
    return (await this.#ask({ kind: 'clock' })) as number;
  }

  async ahead(): Promise<number> {
    return (await this.#ask({ kind: 'ahead' })) as number;
  }

  /** A connection to a port of the node. What it says is heard until `closed`. */
  tunnel(port: number, end: TunnelEnd): TunnelChannel {
    const channel = ++this.#requests;
    this.#tunnels.set(channel, end);
    this.#write({ kind: 'open', channel, port });
    return {
      send: (chunk) => this.#write({ kind: 'data', channel, base64: chunk.toString('base64') }),
      close: () => {
        if (this.#tunnels.delete(channel)) this.#write({ kind: 'close', channel });
      },
    };
  }

  close(): void {
    this.#streams.close();
  }

  #write(message: HolderMessage): void {
    if (!this.#woken) this.#streams.stdin.write('\n');
    this.#woken = true;
    this.#streams.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async #ask(request: HolderRequest): Promise<unknown> {
    this.assertThere();
    const id = ++this.#requests;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#write({ ...request, id });
    });
    const settled = await inTime(
      patience,
      answered.then((value) => ({ value })),
    );
    this.#waiting.delete(id);
    if (settled === null)
      throw new HarnessError(`The network holder ${this.#name} did not answer within ${patience} ms (${request.kind})`);
    return settled.value;
  }

  #take(line: string): void {
    const answer = parsed(line);
    if (answer === null) return;
    if ('channel' in answer) return this.#hear(answer);
    const waiting = this.#waiting.get(answer.id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(new HarnessError(`${this.#name}: ${answer.error}`));
  }

  #hear(message: Extract<HolderReport, { channel: number }>): void {
    const end = this.#tunnels.get(message.channel);
    if (message.kind === 'data') return end?.data(Buffer.from(message.base64, 'base64'));
    this.#tunnels.delete(message.channel);
    end?.closed();
  }

  #end(): void {
    this.#gone = true;
    for (const { closed } of this.#tunnels.values()) closed();
    this.#tunnels.clear();
    for (const { reject } of this.#waiting.values()) reject(this.#death());
    this.#waiting.clear();
  }

  #death(): HarnessError {
    const why = this.#complaints.trim();
    return new HarnessError(`The network holder ${this.#name} has ended${why === '' ? '' : `: ${why}`}`);
  }
}

/** Null for half a line: it is the last, and the connection broke in it. */
function parsed(line: string): HolderReport | null {
  try {
    return JSON.parse(line) as HolderReport;
  } catch {
    return null;
  }
}
