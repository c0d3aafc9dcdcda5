import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Body } from '../../protocol/wire.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import type { Fate } from '../real/link-prover.ts';
import { LinkProxy } from './link-proxy.ts';

let folder = '';
let closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'));
});
afterEach(() => {
  for (const close of closing) close();
  closing = [];
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

/** A receiving node: keeps all that comes and answers pings. */
const receiver = async (name: string): Promise<{ readonly heard: () => string; close(): void }> => {
  let heard = '';
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (chunk.toString().includes('ping')) socket.write('pong\n');
    });
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  closing.push(close);
  await new Promise<void>((resolve) => server.listen(path(name), resolve));
  return { heard: () => heard, close };
};

const proxy = async (name: string, target: string, fates: [number, Fate][] = []): Promise<LinkProxy> => {
  const made = new LinkProxy({ name, listen: path(name), target: path(target) }, (nonce, fate) =>
    fates.push([nonce, fate]),
  );
  closing.push(() => made.close());
  await made.open();
  return made;
};

const sender = (name: string): { readonly socket: Socket; readonly heard: () => string } => {
  const socket = connect(path(name));
  closing.push(() => socket.destroy());
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => {});
  return { socket, heard: () => heard };
};

const probe = (nonce: number): string => encodeFrame('n1', 'n2', { type: 'harness/probe', nonce } as Body);

describe('a link proxy', () => {
  test('passes whole frames on, and the answers of the link back', async () => {
    const n2 = await receiver('n2');
    const link = await proxy('n1>n2', 'n2');
    const n1 = sender('n1>n2');
    n1.socket.write('ping\n{"a":1}\n{"b"');
    await vi.waitFor(() => expect(n2.heard()).toBe('ping\n{"a":1}\n'));
    await vi.waitFor(() => expect(n1.heard()).toBe('pong\n'));
    n1.socket.write(':2}\n');
    await vi.waitFor(() => expect(n2.heard()).toBe('ping\n{"a":1}\n{"b":2}\n'));
    expect(link.counts).toEqual({ forwarded: 2, dropped: 0 });
  });

  test('drops frames and pings of its own direction only, while it is cut', async () => {
    const [n1, n2] = [await receiver('n1'), await receiver('n2')];
    const [there, back] = [await proxy('n1>n2', 'n2'), await proxy('n2>n1', 'n1')];
    const [from1, from2] = [sender('n1>n2'), sender('n2>n1')];
    from1.socket.write('{"a":1}\n');
    await vi.waitFor(() => expect(n2.heard()).toBe('{"a":1}\n'));

    there.cut = true;
    from1.socket.write('ping\n{"a":2}\n{"a":3}\n');
    await vi.waitFor(() => expect(there.counts).toEqual({ forwarded: 1, dropped: 2 }));
    from2.socket.write('ping\n{"b":1}\n');
    await vi.waitFor(() => expect([n1.heard(), from2.heard()]).toEqual(['ping\n{"b":1}\n', 'pong\n']));
    expect(back.counts).toEqual({ forwarded: 1, dropped: 0 });

    there.cut = false;
    from1.socket.write('{"a":4}\n');
    await vi.waitFor(() => expect(n2.heard()).toBe('{"a":1}\n{"a":4}\n'));
    expect(from1.heard()).toBe('');
  });

  test('tells what became of probes: forwarded, cut, or lost because nobody is there', async () => {
    const n2 = await receiver('n2');
    const fates: [number, Fate][] = [];
    const link = await proxy('n1>n2', 'n2', fates);
    const n1 = sender('n1>n2');
    n1.socket.write(`{"a":1}\n${probe(1)}\n`);
    await vi.waitFor(() => expect(fates).toEqual([[1, 'forwarded']]));
    link.cut = true;
    n1.socket.write(`${probe(2)}\n`);
    link.inject(probe(3));
    await vi.waitFor(() => expect(fates).toContainEqual([2, 'cut']));
    expect(fates).toContainEqual([3, 'cut']);
    link.cut = false;
    n2.close();
    await vi.waitFor(() => expect(n1.socket.closed).toBe(true));
    link.inject(probe(4));
    expect(fates).toHaveLength(4);
    expect(fates).toContainEqual([4, 'lost']);
    expect(n2.heard()).toBe(`{"a":1}\n${probe(1)}\n`);
  });

  test('closes the connection when the receiver is not there', async () => {
    await proxy('n1>n2', 'n2');
    const n1 = sender('n1>n2');
    await vi.waitFor(() => expect(n1.socket.closed).toBe(true));
  });

  test('delivers what has passed although its sender has died', async () => {
    const readers: Socket[] = [];
    let heard = 0;
    const server = createServer((socket) => readers.push(socket.pause()));
    closing.push(() => {
      server.close();
      for (const socket of readers) socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(path('n2'), resolve));
    const link = await proxy('n1>n2', 'n2');
    const n1 = sender('n1>n2');
    // More than the buffers of the system hold.
    const frames = Array.from({ length: 4_000 }, (_, n) => `{"n":${n},"fill":"${'x'.repeat(500)}"}\n`);
    n1.socket.end(frames.join(''));
    await vi.waitFor(() => expect(n1.socket.closed).toBe(true));
    expect(link.counts).toEqual({ forwarded: 4_000, dropped: 0 });
    for (const socket of readers) socket.on('data', (chunk: Buffer) => (heard += chunk.length)).resume();
    await vi.waitFor(() => expect(heard).toBe(frames.join('').length));
  });
});
