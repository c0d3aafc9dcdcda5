import type { NodeId } from '../../core/ids.ts';
import type { Cancel, Duration, Instant } from '../../core/time.ts';
import type { Attempt } from '../../protocol/client.ts';
import type { ClientId, RequestBody } from '../../protocol/wire.ts';
import type { Address } from '../../runtimes/real/address.ts';
import type { Clock } from '../../runtimes/real/clock.ts';
import type { ClientConnection, ClientReceiver, World } from '../environment.ts';
import { ClientChannel } from './client-channel.ts';

/** A way from one client to one node. */
export interface Channel {
  request(attempt: Attempt, body: RequestBody): void;
  /** Nothing is received any more. */
  close(): void;
}

export interface ChannelEnds {
  readonly client: ClientId;
  readonly node: NodeId;
  readonly receiver: ClientReceiver;
  /** To be called when the channel is of no more use, before its attempts are given up; never from within its opening. */
  readonly onClose: () => void;
}

type OpenChannel = (ends: ChannelEnds) => Channel;

/** Channels that speak our own frames. */
export const framesTo =
  (addressOf: (node: NodeId) => Address): OpenChannel =>
  ({ client, node, receiver, onClose }) =>
    new ClientChannel(client, node, addressOf(node), receiver, onClose);

/** The control node's clock, and its ways to the nodes: one connection per client and node, opened when first needed. */
export class RealWorld implements World {
  readonly #clock: Clock;
  readonly #open: OpenChannel;
  readonly #connections = new Set<ClientConnection>();

  constructor(clock: Clock, open: OpenChannel) {
    this.#clock = clock;
    this.#open = open;
  }

  now(): Instant {
    return this.#clock.monotonic();
  }

  after(delay: Duration, fire: () => void): Cancel {
    return this.#clock.after(delay, fire);
  }

  connect(client: ClientId, receiver: ClientReceiver): ClientConnection {
    const channels = new Map<NodeId, Channel>();
    const open = (node: NodeId): Channel => {
      const channel: Channel = this.#open({
        client,
        node,
        receiver,
        onClose: () => {
          if (channels.get(node) === channel) channels.delete(node);
        },
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
