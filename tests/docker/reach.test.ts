/** Where the addresses of containers cannot be reached: an engine in a virtual machine of this one, or on another machine. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import { openDocker } from '../../src/environments/docker/docker.ts';
import { type Engine, requireEngine } from '../../src/environments/docker/engine.ts';
import { Holder } from '../../src/environments/docker/holder/holder.ts';
import { TunnelEntrance } from '../../src/environments/docker/tunnel-entrance.ts';
import type { Environment } from '../../src/environments/environment.ts';
import { type Stage, theatre } from '../contract/stage.ts';
import { ledger } from '../fixtures/ledger.ts';
import { ledgerNode } from '../local/programs.ts';
import { engine as possibleEngine } from './engine.ts';

const engine = possibleEngine as Engine;
const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

let environment: Environment;
const { deploy, play } = theatre(() => environment);

async function everythingWorks(stage: Stage): Promise<void> {
  await stage.connected();
  expect(await stage.ask(n1, { type: 'enter', key: 'k', value: 'x'.repeat(100_000) })).toMatchObject({
    type: 'enter_ok',
  });
  const { id, answer } = await stage.begin({ kind: 'partition', cut: [[n1, n2]] });
  expect(answer).toMatchObject({ ok: true });
  expect(await stage.reachedFrom(n1)).toEqual([n3]);
  expect(await stage.end(id)).toMatchObject({ ok: true });
  const open = stage.ask(n1, { type: 'never' });
  await stage.sleep(100);
  const kill = await stage.begin({ kind: 'kill', nodes: [n1] });
  // Somebody in between has taken the connection, so nobody knows whether a request on it came further.
  expect(await open).toBe('undeliverable after');
  expect(await stage.ask(n1, { type: 'drawn' })).toMatch(/^undeliverable/);
  expect(await stage.end(kill.id)).toMatchObject({ ok: true });
  expect(await stage.peek(n1, 'k')).toEqual({ ok: true, value: 'x'.repeat(100_000) });
}

describe.skipIf(possibleEngine === null)('clients come to the nodes', () => {
  test.each(['published', 'tunnels'] as const)('by %s', async (reach) => {
    environment = await openDocker(engine, ledgerNode, { reach });
    await play(await deploy(), everythingWorks);
  });

  test('on ways that are closed when a deployment is aborted while they are made', async () => {
    environment = await openDocker(engine, ledgerNode, { reach: 'tunnels' });
    const abort = new AbortController();
    const entrances: TunnelEntrance[] = [];
    const open = TunnelEntrance.open.bind(TunnelEntrance);
    using closing = vi.spyOn(Holder.prototype, 'close');
    using spy = vi.spyOn(TunnelEntrance, 'open');
    spy.mockImplementation(async (holder, port) => {
      abort.abort(new Error('enough'));
      // When the first holder is closed, the entrances that were there have been.
      await vi.waitUntil(() => closing.mock.calls.length > 0, 10_000);
      const entrance = await open(holder, port);
      entrances.push(entrance);
      return entrance;
    });
    const options = { bug: null, values: {} };
    const deployment = { system: ledger, options, bug: null, nodes: nodeNames(3), seed: 1, directory: null };
    await expect(environment.deploy(deployment, abort.signal)).rejects.toThrow('enough');
    expect(entrances.length).toBeGreaterThan(0);
    // What is closed has no port of its own any more.
    expect(new Set(entrances.map(({ address }) => 'port' in address && address.port))).toEqual(new Set([1]));
  });

  test('of an engine that is reached by TCP', async () => {
    const sockets = new Set<Socket>();
    const path = engine.facts.endpoint.replace('unix://', '');
    // Stands for the way to the engine's machine, and is nothing but that.
    const relay = createServer((inbound) => {
      const outbound = connect(path);
      for (const socket of [inbound, outbound]) {
        sockets.add(socket);
        socket.on('error', () => {});
      }
      inbound.pipe(outbound).pipe(inbound);
    });
    await new Promise<void>((resolve) => relay.listen({ host: '127.0.0.1', port: 0 }, resolve));
    try {
      const { port } = relay.address() as AddressInfo;
      const far = await requireEngine({ variables: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } });
      expect(far.facts.remote).toBe(true);
      environment = await openDocker(far, ledgerNode, { reach: 'tunnels' });
      const cluster = await deploy();
      try {
        await play(cluster, everythingWorks);
        relay.close();
        for (const socket of sockets) socket.destroy();
        await vi.waitFor(() => expect(cluster.troubles?.()).toHaveLength(3), 10_000);
        expect(cluster.troubles?.().toSorted()[0]).toBe(
          `The engine at tcp://127.0.0.1:${port} does not answer any more: the connection to the network holder of n1 broke.`,
        );
        expect(cluster.findings()).toEqual([]);
      } finally {
        // It comes back, so that everything can be removed.
        if (!relay.listening) relay.listen({ host: '127.0.0.1', port });
        await cluster[Symbol.asyncDispose]();
      }
    } finally {
      relay.close();
      for (const socket of sockets) socket.destroy();
    }
  });
});
