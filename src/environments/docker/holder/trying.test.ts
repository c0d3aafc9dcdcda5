import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RealNetwork } from '../../../runtimes/real/network.ts';
import { dial, push } from './trying.ts';

/** One that nobody listens on, as far as anybody can know. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a connection that is only tried', () => {
  it('is taken, or refused by somebody who is there', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await dial('127.0.0.1', port, 5_000)).toBe('connected');
    await new Promise((resolve) => server.close(resolve));
    expect(await dial('127.0.0.1', port, 5_000)).toBe('refused');
  });

  it('is refused by nobody where no way leads: that is silence, and never proof of an open link', async () => {
    // To this address no TCP connection can be made on any machine (RFC 1112, section 4: a group is no single host).
    expect(await dial('224.0.0.1', 7000, 5_000)).toBe('silent');
  });
});

describe('a volley', () => {
  it('is answered by a node, which is asked once, behind as many bytes as were wanted', async () => {
    const port = await freePort();
    const peers = { kind: 'tcp', host: '127.0.0.1', port } as const;
    const network = new RealNetwork({ listen: { peers, clients: { ...peers, port: 0 } }, peers: new Map() });
    await network.listen({ receivePeer: () => {}, receiveClient: () => {} });
    expect(await push({ host: '127.0.0.1', port, bytes: 20_000, within: 5_000 })).not.toBeNull();
    network.close();
    // A node may leave out answers for which there is no room.
    const heard: Buffer[] = [];
    const server = createServer((socket) =>
      socket.on('data', (chunk) => {
        heard.push(chunk);
        if (String(chunk).includes('ping')) socket.write('pong\n');
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port: other } = server.address() as AddressInfo;
    expect(await push({ host: '127.0.0.1', port: other, bytes: 20_000, within: 5_000 })).not.toBeNull();
    server.close();
    expect(Buffer.concat(heard)).toHaveLength(20_000);
    expect(String(Buffer.concat(heard)).split('ping')).toHaveLength(2);
  });
});
