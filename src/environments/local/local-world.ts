import type { NodeId } from '../../core/ids.ts';
import type { Cancel, Duration, Instant } from '../../core/time.ts';
import type { ClientId } from '../../protocol/wire.ts';
import type { Clock } from '../../runtimes/real/clock.ts';
import type { ClientConnection, ClientReceiver, World } from '../environment.ts';
import { ClientChannel } from './client-channel.ts';

/** The control node's clock, and its ways to the nodes' client sockets: one connection per client and node, opened when first needed. */
export class LocalWorld implements World {
  readonly #clock: Clock;
  readonly #socketOf: (node: NodeId) => string;
  readonly #connections = new Set<ClientConnection>();

  constructor(clock: Clock, socketOf: (node: NodeId) => string) {
    this.#clock = clock;
    this.#socketOf = socketOf;
  }

  now(): Instant {
    return this.#clock.monotonic();
  }

  after(delay: Duration, fire: () => void): Cancel {
    return this.#clock.after(delay, fire);
  }

  connect(client: ClientId, receiver: ClientReceiver): ClientConnection {
    const channels = new Map<NodeId, ClientChannel>();
    const open = (node: NodeId): ClientChannel => {
      const channel: ClientChannel = new ClientChannel(client, node, this.#socketOf(node), receiver, () => {
        if (channels.get(node) === channel) channels.delete(node);
      });
      channels.set(node, channel);
      return channel;
    };
    let closed = false;
    const connection: ClientConnection = {
      request: (attempt, node, body) => {
        if (!closed) (channels.get(node) ?? open(node)).request(attempt, body);
      },
      close: () => {
        closed = true;
        this.#connections.delete(connection);
        for (const channel of channels.values()) channel.close();
        channels.clear();
      },
    };
    this.#connections.add(connection);
    return connection;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}
