/**
 * A node's network on sockets: one listener for peers, one for clients, and a link of its own to every peer. What
 * arrives is handed over frame by frame. A connection that speaks nonsense is closed; it never harms the node.
 */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { NodeId } from '../../core/ids.ts';
import type { NodeNetwork } from '../../protocol/node-runtime.ts';
import type { ClientId } from '../../protocol/wire.ts';
import { decodeFrame } from '../../protocol/wire.ts';
import type { Address } from './address.ts';
import { listenOptions } from './address.ts';
import { Lines, textsOf } from './lines.ts';
import type { LinkTiming } from './peer-link.ts';
import { PeerLink, linkTiming, ping, pong } from './peer-link.ts';

export interface NetworkOptions {
  /** Where this node listens. */
  readonly listen: { readonly peers: Address; readonly clients: Address };
  /** Where the others are reached; this node itself is not in it. */
  readonly peers: ReadonlyMap<NodeId, Address>;
  readonly timing?: LinkTiming;
}

export interface FrameReceiver {
  /** One frame of a peer or of a client. */
  receivePeer(frame: string): void;
  receiveClient(frame: string): void;
}

/** Bytes of answers that a client has not read; beyond it the client is cut off. */
const unreadLimit = 64 * 1024 * 1024;
/** A peer's connection that said nothing for so long was left behind by a dead link. Milliseconds. */
const forgottenAfter = 60_000;

export class RealNetwork implements NodeNetwork {
  readonly #options: NetworkOptions;
  readonly #links = new Map<NodeId, PeerLink>();
  readonly #clients = new Map<ClientId, Socket>();
  readonly #sockets = new Set<Socket>();
  readonly #servers: Server[] = [];

  constructor(options: NetworkOptions) {
    this.#options = options;
    for (const [peer, address] of options.peers)
      this.#links.set(peer, new PeerLink(address, options.timing ?? linkTiming));
  }

  /** Resolves when both addresses listen. Until then nothing is received. */
  async listen(receiver: FrameReceiver): Promise<void> {
    const { peers, clients } = this.#options.listen;
    await Promise.all([
      this.#serve(peers, (socket) => this.#acceptPeer(socket, receiver)),
      this.#serve(clients, (socket) => this.#acceptClient(socket, receiver)),
    ]);
  }

  send(to: NodeId, frame: string): void {
    this.#links.get(to)?.send(frame);
  }

  answer(client: ClientId, frame: string): void {
    const socket = this.#clients.get(client);
    if (socket === undefined) return;
    if (socket.writableLength > unreadLimit) socket.destroy();
    else socket.write(`${frame}\n`);
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(address: Address, accept: (socket: Socket) => void): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      accept(socket);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(listenOptions(address), () => {
        server.off('error', reject);
        // For example out of file descriptors: that connection is lost, the node goes on.
        server.on('error', () => {});
        resolve();
      });
    });
  }

  #acceptPeer(socket: Socket, receiver: FrameReceiver): void {
    socket.setTimeout(forgottenAfter, () => socket.destroy());
    eachLine(socket, (line) => {
      if (line === ping) {
        if (!socket.writableNeedDrain) socket.write(`${pong}\n`);
      } else if (line.startsWith('{"src":') && line.endsWith('}')) receiver.receivePeer(line);
      else socket.destroy();
    });
  }

  #acceptClient(socket: Socket, receiver: FrameReceiver): void {
    const names = new Set<ClientId>();
    socket.on('close', () => {
      for (const name of names) if (this.#clients.get(name) === socket) this.#clients.delete(name);
    });
    eachLine(socket, (line) => {
      const name = senderOf(line);
      if (name === null) {
        socket.destroy();
        return;
      }
      names.add(name);
      this.#clients.set(name, socket);
      receiver.receiveClient(line);
    });
  }
}

function eachLine(socket: Socket, take: (line: string) => void): void {
  const lines = new Lines();
  socket.on('data', (chunk: Buffer) => {
    let whole: Buffer | null;
    try {
      whole = lines.push(chunk);
    } catch {
      socket.destroy();
      return;
    }
    if (whole === null) return;
    for (const line of textsOf(whole)) {
      if (socket.destroyed) return;
      take(line);
    }
  });
}

function senderOf(line: string): ClientId | null {
  try {
    return decodeFrame(line).src as ClientId;
  } catch {
    return null;
  }
}
