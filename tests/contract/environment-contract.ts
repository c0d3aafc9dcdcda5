/** What every environment must do, told once and run against each. */
import { afterEach, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeId, nodeNames } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Cluster, Environment } from '../../src/environments/environment.ts';
import type { Answer, Fault, Link } from '../../src/environments/faults.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { clientId } from '../../src/protocol/wire.ts';
import { ledger } from '../fixtures/ledger.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

type Reply = { readonly [field: string]: Json } | `undeliverable ${'before' | 'after'}` | 'silence';

/** The cluster as a test speaks to it: in promises that settle in the cluster's own time. */
class Stage {
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

const ok = (text: RegExp): unknown => ({ ok: true, value: expect.stringMatching(text) as unknown });

export function environmentContract(name: string, environment: () => Environment): void {
  let clusters: Cluster[] = [];
  afterEach(async () => {
    const open = clusters;
    clusters = [];
    for (const cluster of open) await cluster[Symbol.asyncDispose]();
  });

  const deploy = async (count = 3, seed = 1): Promise<Cluster> => {
    const options = { bug: null, values: {} };
    const nodes = nodeNames(count);
    const deployment = { system: ledger, options, bug: null, nodes, seed, directory: null };
    const cluster = await environment().deploy(deployment, new AbortController().signal);
    clusters.push(cluster);
    return cluster;
  };

  /** Runs a story inside the cluster's own time. */
  const play = async (cluster: Cluster, story: (stage: Stage) => Promise<void>): Promise<void> => {
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
  };

  describe(`the ${name} environment`, () => {
    test('every node answers, keeps what it is told, and shows it', async () => {
      await play(await deploy(), async (stage) => {
        for (const node of [n1, n2, n3]) {
          expect(await stage.inspect(node)).toEqual({ ok: true, value: { role: 'ledger', life: 1, entries: 0 } });
          expect(await stage.ask(node, { type: 'enter', key: 'k', value: 7 })).toMatchObject({ type: 'enter_ok' });
          expect(await stage.peek(node, 'k')).toEqual({ ok: true, value: 7 });
        }
      });
    });

    test('messages reach every other node, and a cut of one direction stops just that one', async () => {
      await play(await deploy(), async (stage) => {
        await stage.connected();
        const { id, answer } = await stage.begin({ kind: 'partition', cut: [[n1, n2]] });
        expect(answer).toEqual(ok(/^1 of 1 cut links dropped .*; 5 of 5 open links delivered/));
        expect(await stage.reachedFrom(n1)).toEqual([n3]);
        expect(await stage.reachedFrom(n2)).toEqual([n1, n3]);
        expect(await stage.end(id)).toEqual(ok(/^1 of 1 links deliver again/));
        expect(await stage.reachedFrom(n1)).toEqual([n2, n3]);
      });
    });

    test('a link stays cut while any of two partitions cuts it', async () => {
      await play(await deploy(), async (stage) => {
        await stage.connected();
        const isolate = (node: NodeId, others: readonly NodeId[]): readonly Link[] =>
          others.flatMap((other): Link[] => [
            [node, other],
            [other, node],
          ]);
        const first = await stage.begin({ kind: 'partition', cut: isolate(n1, [n2, n3]) });
        const second = await stage.begin({ kind: 'partition', cut: isolate(n2, [n1, n3]) });
        expect([first.answer.ok, second.answer.ok]).toEqual([true, true]);
        await stage.end(first.id);
        expect(await stage.reachedFrom(n1)).toEqual([n3]);
        await stage.end(second.id);
        expect(await stage.reachedFrom(n1)).toEqual([n2, n3]);
      });
    });

    test('a killed node is gone, refuses requests, and comes back with what was durable and with new random draws', async () => {
      await play(await deploy(), async (stage) => {
        await stage.ask(n2, { type: 'enter', key: 'k', value: 'kept' });
        const before = await stage.ask(n2, { type: 'drawn' });
        const { id, answer } = await stage.begin({ kind: 'kill', nodes: [n2] });
        expect(answer).toEqual(ok(/n2/));
        expect(await stage.ask(n2, { type: 'drawn' })).toBe('undeliverable before');
        expect(await stage.inspect(n2)).toMatchObject({ ok: false });
        expect(await stage.end(id)).toEqual(ok(/n2/));
        expect(await stage.peek(n2, 'k')).toEqual({ ok: true, value: 'kept' });
        const after = await stage.ask(n2, { type: 'drawn' });
        expect(before).toMatchObject({ life: 1 });
        expect(after).toMatchObject({ life: 2 });
        expect((after as { drawn: number }).drawn).not.toBe((before as { drawn: number }).drawn);
      });
    });

    test('a request in the hands of a node that is killed is undeliverable after its first byte', async () => {
      await play(await deploy(), async (stage) => {
        const open = stage.ask(n3, { type: 'never' });
        await stage.sleep(50);
        const { id } = await stage.begin({ kind: 'kill', nodes: [n3] });
        expect(await open).toBe('undeliverable after');
        await stage.end(id);
      });
    });

    test('a node that two faults kill starts when the second one ends', async () => {
      await play(await deploy(), async (stage) => {
        const first = await stage.begin({ kind: 'kill', nodes: [n1, n2] });
        const second = await stage.begin({ kind: 'kill', nodes: [n2] });
        await stage.end(first.id);
        expect(await stage.inspect(n1)).toMatchObject({ ok: true });
        expect(await stage.inspect(n2)).toMatchObject({ ok: false });
        await stage.end(second.id);
        expect(await stage.inspect(n2)).toMatchObject({ ok: true });
      });
    });

    test('a paused node is silent, and answers what it was asked when it resumes', async () => {
      await play(await deploy(), async (stage) => {
        await stage.ask(n1, { type: 'drawn' });
        const { id, answer } = await stage.begin({ kind: 'pause', nodes: [n1] });
        expect(answer).toEqual(ok(/n1/));
        const asked = stage.ask(n1, { type: 'drawn' }, 10_000);
        expect(await stage.ask(n1, { type: 'drawn' }, 200)).toBe('silence');
        expect(await stage.end(id)).toEqual(ok(/n1/));
        expect(await asked).toMatchObject({ type: 'drawn_ok', life: 1 });
      });
    });

    test('a node that is killed while it is paused stays paused in its next life', async () => {
      await play(await deploy(), async (stage) => {
        const pause = await stage.begin({ kind: 'pause', nodes: [n1] });
        const kill = await stage.begin({ kind: 'kill', nodes: [n1] });
        await stage.end(kill.id);
        expect(await stage.ask(n1, { type: 'drawn' }, 200)).toBe('silence');
        expect(await stage.end(pause.id)).toEqual(ok(/n1/));
        expect(await stage.ask(n1, { type: 'drawn' })).toMatchObject({ life: 2 });
      });
    });

    test('a timer is never early', async () => {
      await play(await deploy(), async (stage) => {
        const asked = stage.cluster.world.now();
        expect(await stage.ask(n1, { type: 'alarm', after: 40 })).toMatchObject({ type: 'alarm_ok' });
        expect(stage.cluster.world.now() - asked).toBeGreaterThanOrEqual(milliseconds(40));
      });
    });

    test('a step that throws is a finding that names the node, and the others go on', async () => {
      const cluster = await deploy();
      await play(cluster, async (stage) => {
        expect(await stage.ask(n2, { type: 'break' })).toBe('undeliverable after');
        expect(await stage.ask(n1, { type: 'drawn' })).toMatchObject({ type: 'drawn_ok' });
      });
      expect(cluster.findings()).toMatchObject([{ kind: 'crash', node: n2 }]);
      expect(cluster.findings()[0]?.text).toContain('the ledger was told to break');
    });

    test('random draws differ between nodes, and between seeds', async () => {
      const drawn = async (cluster: Cluster, node: NodeId): Promise<number> => {
        let value = 0;
        await play(cluster, async (stage) => {
          value = ((await stage.ask(node, { type: 'drawn' })) as { drawn: number }).drawn;
        });
        return value;
      };
      const one = await deploy(3, 1);
      const all = [await drawn(one, n1), await drawn(one, n2), await drawn(await deploy(3, 2), n1)];
      expect(new Set(all).size).toBe(3);
      expect(await drawn(await deploy(3, 1), n1)).toBe(all[0]);
    });

    test('a fault on a node that does not exist is an error that leaves nothing behind', async () => {
      await play(await deploy(), async (stage) => {
        const { answer } = await stage.begin({ kind: 'kill', nodes: [nodeId('n9')] });
        expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('n9') as unknown });
        expect(await stage.inspect(n1)).toMatchObject({ ok: true });
      });
    });
  });
}
