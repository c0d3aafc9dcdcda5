/**
 * One simulated node: its disk and its clocks outlive its lives; each life is a host of its own. A paused node takes
 * nothing in: what arrives waits, within a bound, and comes all at once when it resumes, as after SIGSTOP.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Inspection } from '../../core/inspection.ts';
import type { Json } from '../../core/json.ts';
import type { Random } from '../../core/random.ts';
import type { Duration } from '../../core/time.ts';
import { instant, milliseconds } from '../../core/time.ts';
import type { Crash } from '../../protocol/host.ts';
import { Host } from '../../protocol/host.ts';
import type { NodeNetwork, NodeRuntime } from '../../protocol/node-runtime.ts';
import type { Dialect, Protocol, SystemOptions } from '../../protocol/protocol.ts';
import { SimulatedClocks } from './clocks.ts';
import { SimulatedDisk } from './disk.ts';
import type { Timeline } from './timeline.ts';

export interface SimulatedNodeOptions {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly protocol: Protocol<Dialect>;
  readonly options: SystemOptions;
  readonly sync: 'always' | 'every-second';
  readonly timeline: Timeline;
  readonly random: Random;
  readonly network: NodeNetwork;
  onCrash(self: NodeId, crash: Crash): void;
}

/** How many frames may wait for a paused node, as in the buffers of its sockets; more are lost. */
const frameLimit = 1_000;

export class SimulatedNode {
  readonly disk: SimulatedDisk;
  readonly clocks: SimulatedClocks;
  readonly #options: SimulatedNodeOptions;
  #host: Host<Dialect> | null = null;
  #life = 0;
  #paused = false;
  #backlog: (() => void)[] = [];
  /** Those that came since the node was paused. */
  #frames = 0;

  constructor(options: SimulatedNodeOptions) {
    this.#options = options;
    // The clocks of different nodes have nothing in common, so that a protocol that compares them is caught.
    const wallOffset = options.random.fork('wall').below(milliseconds(100)) - milliseconds(50);
    this.clocks = new SimulatedClocks(options.timeline, wallOffset);
    this.disk = new SimulatedDisk(options.random.fork('disk'), (delay, fire) => {
      const life = this.#life;
      options.timeline.after(delay, () => this.#take(life, fire));
    });
  }

  /** How often it has started. */
  get life(): number {
    return this.#life;
  }

  get running(): boolean {
    return this.#host !== null;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Begins the next life from what the disk holds. */
  start(): void {
    if (this.#host !== null) return;
    const { self, nodes, protocol, options, sync, random, timeline } = this.#options;
    this.#life++;
    const fresh = random.fork(`life ${this.#life}`);
    this.clocks.restart(instant(random.fork(`monotonic ${this.#life}`).below(milliseconds(1000))));
    const records = this.disk.read();
    timeline.trace(self, 'start', `${this.#life}`);
    const context = { self, nodes, members: nodes, life: this.#life, random: fresh, options };
    const runtime = this.#runtime();
    this.#host = new Host({ protocol, context, runtime, records, sync, onCrash: (crash) => this.#crashed(crash) });
    if (!this.#host.alive) this.#host = null;
  }

  /** `tearing`: the write under way leaves a torn record on disk for certain, and not only perhaps. */
  kill(tearing = false): void {
    this.#host?.stop();
    this.#host = null;
    this.#backlog = [];
    this.disk.crash(tearing);
  }

  pause(): void {
    if (!this.#paused) this.#frames = 0;
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const fire of backlog) this.#options.timeline.after(0 as Duration, () => this.#take(this.#life, fire));
  }

  receivePeer(frame: string): void {
    this.#takeFrame(() => this.#traced('peer', frame, () => this.#host?.receivePeer(frame)));
  }

  receiveClient(frame: string): void {
    this.#takeFrame(() => this.#traced('client', frame, () => this.#host?.receiveClient(frame)));
  }

  /** A question that the harness asks through the host; `ask` is called when the node takes it, perhaps never. */
  inspect(): Inspection | null {
    return this.#host?.inspect() ?? null;
  }

  peek(key: string): Json {
    return this.#host?.peek(key) ?? null;
  }

  /** Runs now, or when the node resumes; never, when it dies before. */
  whenRunning(fire: () => void): void {
    this.#take(this.#life, fire);
  }

  sawProbe(nonce: number): boolean {
    return this.#host?.sawProbe(nonce) ?? false;
  }

  #traced(kind: string, input: string, fire: () => void): void {
    this.#options.timeline.trace(this.#options.self, kind, input);
    fire();
  }

  /** Fires in this life only. */
  #runtime(): NodeRuntime {
    const life = this.#life;
    return {
      now: () => this.clocks.now(),
      after: (delay, fire) => this.clocks.after(delay, () => this.#take(life, () => this.#traced('timer', '', fire))),
      network: this.#options.network,
      disk: this.disk,
    };
  }

  #take(life: number, fire: () => void): void {
    if (this.#host === null || life !== this.#life) return;
    if (this.#paused) this.#backlog.push(fire);
    else fire();
  }

  /** Only frames can be too many for a paused node: its timers and its disk wait as long as need be. */
  #takeFrame(fire: () => void): void {
    if (this.#paused && ++this.#frames > frameLimit) return;
    this.#take(this.#life, fire);
  }

  #crashed(crash: Crash): void {
    this.#host = null;
    this.#backlog = [];
    this.disk.crash();
    this.#options.onCrash(this.#options.self, crash);
  }
}
