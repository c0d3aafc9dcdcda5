import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { dial } from './trying.ts';

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
