import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import type { Duration } from '../../core/time.ts';
import type { Crash } from '../../protocol/host.ts';
import { asProtocol } from '../../protocol/system.ts';
import { SimulatedClients } from '../../runtimes/simulated/clients.ts';
import { type NetworkWeather, ordinaryWeather, SimulatedNetwork } from '../../runtimes/simulated/network.ts';
import { SimulatedNode } from '../../runtimes/simulated/node.ts';
import { type StepObserver, Timeline } from '../../runtimes/simulated/timeline.ts';
import type { Cluster, Deployment, Finding, World } from '../environment.ts';
import { Membership } from '../membership.ts';
import { SimulatedFaults } from './faults.ts';
import { InputCount } from './input-count.ts';
import { StormWatch } from './storm.ts';

/** How the loop of the simulation runs; nothing of it changes what happens in it. */
export interface LoopOptions {
  readonly breath: number;
  readonly stormLimit: number;
  readonly observe?: StepObserver | undefined;
}

export class SimulatedCluster implements Cluster {
  readonly nodes: readonly NodeId[];
  readonly world: World;
  readonly faults: SimulatedFaults;
  readonly #breath: number;
  readonly #storm: StormWatch;
  readonly #timeline: Timeline;
  readonly #inputs = new InputCount();
  readonly #findings: Finding[] = [];
  readonly #nodes: ReadonlyMap<NodeId, SimulatedNode>;

  constructor(deployment: Deployment, { breath, stormLimit, observe }: LoopOptions) {
    this.#breath = breath;
    this.#storm = new StormWatch(stormLimit);
    this.#timeline = new Timeline(observe);
    const random = seeded(deployment.seed);
    const timeline = this.#timeline;
    this.nodes = deployment.nodes;
    const find = (id: NodeId): SimulatedNode | undefined => this.#nodes.get(id);
    const network = new SimulatedNetwork(timeline, random.fork('network'), weatherOf(deployment), (to, frame) =>
      find(to)?.receivePeer(frame),
    );
    const clients = new SimulatedClients(timeline, random.fork('clients'), find);
    const onCrash = (self: NodeId, crash: Crash): void => {
      clients.reset(self);
      if (crash.finding) this.#findings.push({ kind: 'crash', node: self, at: timeline.now(), text: textOf(crash) });
    };
    this.#nodes = new Map(
      deployment.nodes.map((self) => [
        self,
        new SimulatedNode({
          self,
          nodes: deployment.nodes,
          protocol: this.#inputs.counting(asProtocol(deployment.system).protocol),
          options: deployment.options,
          sync: deployment.bug?.sync ?? 'always',
          timeline,
          random: random.fork(`node ${self}`),
          network: {
            send: (to, frame) => network.send(self, to, frame),
            answer: (client, frame) => clients.answer(self, client, frame),
          },
          onCrash,
        }),
      ]),
    );
    this.world = {
      now: () => timeline.now(),
      after: (delay, fire) =>
        timeline.after(delay, () => {
          timeline.trace('control', 'timer', '');
          fire();
        }),
      connect: (client, receive) => clients.connect(client, receive),
    };
    const { nodes, world } = this;
    this.faults = new SimulatedFaults(
      { timeline, network, clients, nodes: this.#nodes },
      (faults) => new Membership({ system: deployment.system, nodes, world, faults }),
    );
    for (const node of this.#nodes.values()) node.start();
  }

  async run(start: (finish: () => void) => void): Promise<void> {
    const state = { finished: false };
    start(() => {
      state.finished = true;
    });
    for (let events = 1; !state.finished; events++) {
      if (!this.#timeline.advance())
        throw new HarnessError('The simulation has nothing left to do, and nobody ended the run.');
      const storm = this.#storm.notice(this.#timeline.now(), this.#timeline.events);
      if (storm !== null) {
        this.#findings.push(storm);
        return;
      }
      if (events % this.#breath === 0) await new Promise((resume) => setImmediate(resume));
    }
  }

  findings(): readonly Finding[] {
    return this.#findings;
  }

  trace(): { readonly events: number; readonly hash: string } {
    return { events: this.#timeline.events, hash: this.#timeline.hash() };
  }

  inputs(): { readonly [pair: string]: number } {
    return this.#inputs.counts();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes.values()) node.kill();
  }
}

/** A slow frame is never faster than an ordinary one. */
function weatherOf(deployment: Deployment): NetworkWeather {
  const weather = { ...ordinaryWeather, ...deployment.weather };
  return { ...weather, slowest: Math.max(weather.slowest, weather.delay[1]) as Duration };
}

function textOf(crash: Crash): string {
  const at = crash.error instanceof Error ? crash.error.stack?.split('\n')[1]?.trim() : undefined;
  return at === undefined ? messageOf(crash.error) : `${messageOf(crash.error)} (${at})`;
}
