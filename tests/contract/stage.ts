/** Where the contracts of environments are played: a cluster of ledgers, spoken to in promises of its own time. */
import { afterEach, expect } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Cluster, Environment } from '../../src/environments/environment.ts';
import type { Answer, Fault } from '../../src/environments/faults.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { System } from '../../src/protocol/system.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { clientId } from '../../src/protocol/wire.ts';
import { ledger } from '../fixtures/ledger.ts';

export type Reply = { readonly [field: string]: Json } | `undeliverable ${'before' | 'after'}` | 'silence';

/** The cluster as a test speaks to it: in promises that settle in the cluster's own time. */
export class Stage {
  readonly cluster: Cluster;
  #fault = 0;
  #attempt = 0;
  #clients = 0;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.cluster.world.after(milliseconds(ms), resolve));
  }

  /** Asks by a client of its own; `silence` when nothing came within the patience, in milliseconds. */
  ask(node: NodeId, body: RequestBody, patience = 2_000): Promise<Reply> {
    return new Promise((resolve) => {
      const attempt = ++this.#attempt;
      const finish = (reply: Reply): void => {
        connection.close();
        resolve(reply);
      };
      const connection = this.cluster.world.connect(clientId(this.#clients++), {
        reply: (answered, reply) => answered === attempt && finish(reply),
        undeliverable: (failed, when) => failed === attempt && finish(`undeliverable ${when}`),
      });
      this.cluster.world.after(milliseconds(patience), () => finish('silence'));
      connection.request(attempt, node, body);
    });
  }

  begin(fault: Fault): Promise<{ readonly id: number; readonly answer: Answer<string> }> {
    const id = ++this.#fault;
    return new Promise((resolve) => this.cluster.faults.begin(id, fault, (answer) => resolve({ id, answer })));
  }

  end(id: number): Promise<Answer<string>> {
    return new Promise((resolve) => this.cluster.faults.end(id, resolve));
  }

  inspect(node: NodeId): Promise<Answer<unknown>> {
    return new Promise((resolve) => this.cluster.faults.inspect(node, resolve));
  }

  peek(node: NodeId, key: string): Promise<Answer<Json>> {
    return new Promise((resolve) => this.cluster.faults.peek(node, key, resolve));
  }

  /** Who has received a note that `from` sends to all, once it has had the time to arrive; lost ones are sent again. */
  async reachedFrom(from: NodeId): Promise<readonly NodeId[]> {
    const text = `note ${++this.#attempt}`;
    for (let time = 0; time < 4; time++) await this.ask(from, { type: 'note', text });
    await this.sleep(150);
    const reached: NodeId[] = [];
    for (const node of this.cluster.nodes) {
      const reply = await this.ask(node, { type: 'notes' });
      if (typeof reply === 'object' && (reply['notes'] as string[]).includes(`${from} ${text}`)) reached.push(node);
    }
    return reached;
  }

  /** Waits until the connections between all nodes are up, as far as no fault forbids. */
  async connected(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) {
      const counts = await Promise.all(this.cluster.nodes.map((node) => this.reachedFrom(node)));
      if (counts.every((reached) => reached.length === this.cluster.nodes.length - 1)) return;
    }
    throw new Error('the nodes did not connect');
  }
}

export const ok = (text: RegExp): unknown => ({ ok: true, value: expect.stringMatching(text) as unknown });

export const failed = (text: RegExp): unknown => ({ ok: false, error: expect.stringMatching(text) as unknown });

interface Cast {
  readonly count?: number;
  readonly seed?: number;
  readonly values?: SystemOptions['values'];
  readonly system?: System;
}

export interface Theatre {
  /** Three ledgers, if nothing else is said. They are gone after the test. */
  readonly deploy: (cast?: Cast) => Promise<Cluster>;
  /** Runs a story inside the cluster's own time. */
  readonly play: (cluster: Cluster, story: (stage: Stage) => Promise<void>) => Promise<void>;
}

export function theatre(environment: () => Environment): Theatre {
  let clusters: Cluster[] = [];
  afterEach(async () => {
    const open = clusters;
    clusters = [];
    for (const cluster of open) await cluster[Symbol.asyncDispose]();
  });
  return {
    deploy: async ({ count = 3, seed = 1, values = {}, system = ledger } = {}) => {
      const options = { bug: null, values };
      const deployment = { system, options, bug: null, nodes: nodeNames(count), seed, directory: null };
      const cluster = await environment().deploy(deployment, new AbortController().signal);
      clusters.push(cluster);
      return cluster;
    },
    play: async (cluster, story) => {
      let failure: unknown = null;
      await cluster.run((finish) => {
        const stage = new Stage(cluster);
        const keepAlive = (): void => void cluster.world.after(milliseconds(5), keepAlive);
        keepAlive();
        void story(stage)
          .catch((error: unknown) => (failure = error ?? new Error('the story failed')))
          .finally(finish);
      });
      if (failure !== null) throw failure;
    },
  };
}
