import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import type { RequestBody } from '../../protocol/wire.ts';
import { clientId } from '../../protocol/wire.ts';
import { realClock } from '../../runtimes/real/clock.ts';
import type { ClientConnection } from '../environment.ts';
import { framesTo, RealWorld } from './real-world.ts';

const n1 = nodeId('n1');
let folder = '';
let closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'channel-'));
});
afterEach(() => {
  for (const close of closing) close();
  closing = [];
  rmSync(folder, { recursive: true });
});

/** A node that does with what a client sends whatever the test says. */
const node = async (take: (text: string, socket: Socket) => void): Promise<void> => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => take(chunk.toString(), socket));
  });
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'n1'), resolve));
};

const connect = (): { readonly connection: ClientConnection; readonly heard: string[] } => {
  const world = new RealWorld(
    realClock(Date.now()),
    framesTo(() => ({ kind: 'unix', path: join(folder, 'n1') })),
  );
  const heard: string[] = [];
  const connection = world.connect(clientId(3), {
    reply: (attempt, body) => heard.push(`${attempt} ${body.type}`),
    undeliverable: (attempt, when, why) => heard.push(`${attempt} ${when}: ${why}`),
  });
  closing.push(() => connection.close());
  return { connection, heard };
};

const read: RequestBody = { type: 'read', key: 'k' };
const answer = (attempt: number): string =>
  `${JSON.stringify({ src: 'n1', dest: 'c3', body: { type: 'read_ok', value: null, in_reply_to: attempt } })}\n`;

describe('a client of a local node', () => {
  test('sends its attempt as msg_id, and hears the answers in whatever order they come', async () => {
    let sent = '';
    await node((text, socket) => {
      sent += text;
      if (sent.split('\n').length === 3) socket.write(answer(8) + answer(99) + answer(7) + answer(7));
    });
    const { connection, heard } = connect();
    connection.request(7, n1, read);
    connection.request(8, n1, read);
    await vi.waitFor(() => expect(heard).toEqual(['8 read_ok', '7 read_ok']));
    const frame = (attempt: number): string =>
      JSON.stringify({ src: 'c3', dest: 'n1', body: { type: 'read', key: 'k', msg_id: attempt } });
    expect(sent).toBe(`${frame(7)}\n${frame(8)}\n`);
  });

  test('knows that nothing left when nobody listens, and tries anew the next time', async () => {
    const { connection, heard } = connect();
    connection.request(1, n1, read);
    connection.request(2, n1, read);
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual([expect.stringMatching(/^1 before: .*ENOENT/), expect.stringMatching(/^2 before: .*ENOENT/)]);
    await node((_text, socket) => void socket.write(answer(3)));
    connection.request(3, n1, read);
    await vi.waitFor(() => expect(heard[2]).toBe('3 read_ok'));
  });

  test('does not know what became of attempts whose connection was closed before the answer', async () => {
    await node((text, socket) => void (text.includes('"msg_id":2') ? socket.destroy() : socket.write(answer(1))));
    const { connection, heard } = connect();
    connection.request(1, n1, read);
    await vi.waitFor(() => expect(heard).toEqual(['1 read_ok']));
    connection.request(2, n1, read);
    connection.request(3, n1, read);
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    const why = 'the connection was closed before the answer';
    expect(heard.slice(1)).toEqual([`2 after: ${why}`, `3 after: ${why}`]);
  });

  test.each([
    ['no JSON', 'nonsense\n'],
    ['no frame', '{"src":"n1"}\n'],
    ['an answer to nothing', '{"src":"n1","dest":"c3","body":{"type":"read_ok"}}\n'],
  ])('does not know what became of attempts when it reads %s', async (_what, bytes) => {
    await node((_text, socket) => void socket.write(bytes));
    const { connection, heard } = connect();
    connection.request(1, n1, read);
    await vi.waitFor(() => expect(heard).toEqual([expect.stringMatching(/^1 after: the answer could not be read/)]));
  });

  test('hears nothing after it was closed', async () => {
    let asked = 0;
    await node(() => asked++);
    const { connection, heard } = connect();
    connection.request(1, n1, read);
    await vi.waitFor(() => expect(asked).toBe(1));
    connection.close();
    connection.request(2, n1, read);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([heard, asked]).toEqual([[], 1]);
  });
});
