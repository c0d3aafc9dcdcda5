/**
 * A port of this machine's loopback that leads to a node which no address of ours reaches, because its engine is on
 * another machine: every connection goes through the engine, in the standard streams of the node's holder.
 */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Address } from '../../runtimes/real/address.ts';
import type { Holder } from './holder/holder.ts';

export class TunnelEntrance {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(holder: Holder, port: number): Promise<TunnelEntrance> {
    const server = createServer({ noDelay: true });
    const entrance = new TunnelEntrance(server);
    server.on('connection', (socket) => entrance.#accept(socket, holder, port));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: 0 }, resolve);
    });
    return entrance;
  }

  get address(): Address {
    const bound = this.#server.address();
    return { kind: 'tcp', host: '127.0.0.1', port: typeof bound === 'object' && bound !== null ? bound.port : 1 };
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket, holder: Holder, port: number): void {
    this.#sockets.add(socket);
    const channel = holder.tunnel(port, {
      data: (chunk) => socket.write(chunk),
      closed: () => socket.destroy(),
    });
    socket.on('data', (chunk: Buffer) => channel.send(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      channel.close();
    });
  }
}
