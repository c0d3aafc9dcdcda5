import { mkdtempSync, rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import type { ClientId } from '../../protocol/wire.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import type { Address } from './address.ts';
import { connectOptions, listenOptions } from './address.ts';
import { longestFrame } from './lines.ts';
import { RealNetwork } from './network.ts';
import { PeerLink, queueLimit } from './peer-link.ts';

const n1 = nodeId('n1');
const n2 = nodeId('n2');
const timing = { pingEvery: 20, silence: 100, redialAfter: 10, dialTimeout: 500 };
const patient = { ...timing, silence: 60_000 };
const nowhere: Address = { kind: 'unix', path: '/nonexistent/socket' };

let folder = '';
let closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'network-'));
});
afterEach(() => {
  for (const close of closing) close();
  closing = [];
  rmSync(folder, { recursive: true });
});

const unix = async (name: string): Promise<Address> => ({ kind: 'unix', path: join(folder, name) });

const tcp = (): Promise<Address> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve({ kind: 'tcp', host: '127.0.0.1', port }));
    });
  });

interface Node {
  readonly network: RealNetwork;
  readonly peers: string[];
  readonly clients: string[];
}

/** A node that keeps what it hears, and answers every client with what it said. */
const node = async (
  listen: { peers: Address; clients: Address },
  others = new Map<typeof n1, Address>(),
): Promise<Node> => {
  const network = new RealNetwork({ listen, peers: others, timing });
  closing.push(() => network.close());
  const heard = { network, peers: [] as string[], clients: [] as string[] };
  await network.listen({
    receivePeer: (frame) => heard.peers.push(frame),
    receiveClient: (frame) => {
      heard.clients.push(frame);
      network.answer((JSON.parse(frame) as { src: ClientId }).src, frame);
    },
  });
  return heard;
};

const client = (
  address: Address,
): { readonly socket: Socket; readonly heard: () => string; readonly closed: () => boolean } => {
  const socket = connect(connectOptions(address));
  closing.push(() => socket.destroy());
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => {});
  return { socket, heard: () => heard, closed: () => socket.closed };
};

/** Something that listens like a node and does with a connection what the test says. */
const stranger = async (address: Address, take: (socket: Socket) => void): Promise<Server> => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    take(socket);
  });
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(listenOptions(address), resolve));
  return server;
};

const note = (text: string): string => encodeFrame('n1', 'n2', { type: 'note', text } as never);

describe.each([
  ['Unix sockets', unix],
  ['TCP', tcp],
])('the real network on %s', (_name, address) => {
  test('carries frames to a peer, whole and in order, large ones too', async () => {
    const to = { peers: await address('b'), clients: await address('bc') };
    const receiver = await node(to);
    const sender = await node({ peers: await address('a'), clients: await address('ac') }, new Map([[n2, to.peers]]));
    const frames = [note('first'), note('ü😀'.repeat(400_000)), ...Array.from({ length: 500 }, (_, n) => note(`${n}`))];
    for (const frame of frames) sender.network.send(n2, frame);
    await vi.waitFor(() => expect(receiver.peers.length).toBe(frames.length), 5_000);
    expect(receiver.peers).toEqual(frames);
  });

  test('dials again when the receiver starts again, and then delivers', async () => {
    const to = { peers: await address('b'), clients: await address('bc') };
    const first = await node(to);
    const sender = await node({ peers: await address('a'), clients: await address('ac') }, new Map([[n2, to.peers]]));
    sender.network.send(n2, note('to the first'));
    await vi.waitFor(() => expect(first.peers).toEqual([note('to the first')]));
    first.network.close();
    const second = await node(to);
    await vi.waitFor(() => {
      sender.network.send(n2, note('to the second'));
      expect(second.peers).toContain(note('to the second'));
    }, 5_000);
  });

  test('answers each client on its own connection, and nobody who has left', async () => {
    const listen = { peers: await address('a'), clients: await address('ac') };
    const { network, clients } = await node(listen);
    const [one, other] = [client(listen.clients), client(listen.clients)];
    const hello = (name: string): string => encodeFrame(name, 'n1', { type: 'hello' });
    one.socket.write(`${hello('c1')}\n`);
    other.socket.write(`${hello('c2')}\n${hello('c3')}\n`);
    await vi.waitFor(() => expect(clients).toHaveLength(3));
    await vi.waitFor(() =>
      expect([one.heard(), other.heard()]).toEqual([`${hello('c1')}\n`, `${hello('c2')}\n${hello('c3')}\n`]),
    );
    one.socket.destroy();
    await vi.waitFor(() => expect(one.closed()).toBe(true));
    network.answer('c1' as ClientId, 'to nobody');
    network.answer('c9' as ClientId, 'to a stranger');
    other.socket.write(`${hello('c2')}\n`);
    await vi.waitFor(() => expect(clients).toHaveLength(4));
  });

  test.each([
    ['what is no JSON', 'nonsense\n'],
    ['JSON that is no frame', '{"src":1}\n'],
    ['a frame without an end', 'x'.repeat(longestFrame + 1)],
  ])('closes the connection of a client that sends %s, and goes on', async (_what, bytes) => {
    const listen = { peers: await address('a'), clients: await address('ac') };
    const { clients } = await node(listen);
    const [bad, good] = [client(listen.clients), client(listen.clients)];
    bad.socket.write(bytes);
    await vi.waitFor(() => expect(bad.closed()).toBe(true), 5_000);
    good.socket.write(`${encodeFrame('c1', 'n1', { type: 'hello' })}\n`);
    await vi.waitFor(() => expect(clients).toHaveLength(1));
    expect(good.closed()).toBe(false);
  });
});

describe('a link to a peer', () => {
  const link = (address: Address, how = timing): PeerLink => {
    const made = new PeerLink(address, how);
    closing.push(() => made.close());
    return made;
  };

  test('that falls silent is torn down and dialled again', async () => {
    const address = await unix('silent');
    let accepted = 0;
    const closed: number[] = [];
    await stranger(address, (socket) => {
      const connection = accepted++;
      socket.resume().on('close', () => closed.push(connection));
    });
    link(address);
    await vi.waitFor(() => expect(accepted).toBe(3), 5_000);
    expect(closed.slice(0, 2)).toEqual([0, 1]);
  });

  test('that is answered stays, however little there is to say', async () => {
    const address = await unix('alive');
    let accepted = 0;
    let pings = 0;
    await stranger(address, (socket) => {
      accepted++;
      socket.on('data', (chunk: Buffer) => {
        pings += chunk.toString().split('\n').length - 1;
        socket.write('pong\n');
      });
    });
    link(address);
    await vi.waitFor(() => expect(pings).toBeGreaterThan(20), 5_000);
    expect(accepted).toBe(1);
  });

  test('drops the oldest frames when its peer does not read', async () => {
    const address = await unix('slow');
    let received = '';
    let reader: Socket | null = null;
    await stranger(address, (socket) => {
      reader = socket.pause();
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.pause();
    });
    const sender = link(address, patient);
    await vi.waitFor(() => expect(reader).not.toBeNull());
    const frame = (n: number): string => `{"src":"n1","n":${n},"fill":"${'x'.repeat(1_000)}"}`;
    const sent = 5_000;
    for (let n = 0; n < sent; n++) {
      sender.send(frame(n));
      // Each in a turn of its own, as they come from a node.
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { dropped } = sender.state;
    expect(dropped).toBeGreaterThan(sent - queueLimit - 1_000);
    (reader as Socket | null)?.resume();
    await vi.waitFor(() => expect(received).toContain(frame(sent - 1)), 5_000);
    const arrived = received
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [(JSON.parse(line) as { n: number }).n] : []));
    expect(arrived).toHaveLength(sent - dropped);
    expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
    expect(arrived.slice(-queueLimit)).toEqual(Array.from({ length: queueLimit }, (_, n) => sent - queueLimit + n));
  });

  test('keeps no more than its limit while nobody listens', () => {
    const sender = link(nowhere);
    for (let n = 0; n < queueLimit + 5; n++) sender.send(note(`${n}`));
    expect(sender.state).toEqual({ dropped: 5, dials: 1, connected: false });
  });
});
