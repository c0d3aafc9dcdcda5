/** Connections into the holder's network that come through its standard streams: for a harness that cannot reach it otherwise. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';

export interface TunnelEnd {
  data(channel: number, chunk: Buffer): void;
  closed(channel: number): void;
}

export class Tunnels {
  readonly #sockets = new Map<number, Socket>();
  readonly #end: TunnelEnd;

  constructor(end: TunnelEnd) {
    this.#end = end;
  }

  /** To a port of this network namespace, which is the node's as well. */
  open(channel: number, port: number): void {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#sockets.set(channel, socket);
    socket.on('data', (chunk: Buffer) => this.#end.data(channel, chunk));
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      if (this.#sockets.delete(channel)) this.#end.closed(channel);
    });
  }

  send(channel: number, chunk: Buffer): void {
    this.#sockets.get(channel)?.write(chunk);
  }

  close(channel: number): void {
    const socket = this.#sockets.get(channel);
    this.#sockets.delete(channel);
    socket?.destroy();
  }
}
