/**
 * The way between clients and simulated nodes: short and never cut, as clients sit beside the control node. A node
 * that is down refuses (no byte left); one that dies with a request in its hands resets the connection.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Duration } from '../../core/time.ts';
import { microseconds } from '../../core/time.ts';
import type { ClientId, RequestBody, ResponseBody } from '../../protocol/wire.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire.ts';
import type { SimulatedNode } from './node.ts';
import type { Timeline } from './timeline.ts';

export interface SimulatedReceiver {
  reply(attempt: number, body: ResponseBody): void;
  undeliverable(attempt: number, when: 'before' | 'after', why: string): void;
}

export interface SimulatedConnection {
  request(attempt: number, node: NodeId, body: RequestBody): void;
  close(): void;
}

interface Client {
  readonly receive: SimulatedReceiver;
  /** The attempts that each node has been handed and has not answered. */
  readonly pending: Map<NodeId, Set<number>>;
}

const nearest = microseconds(50);
const farthest = microseconds(250);

export class SimulatedClients {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #node: (id: NodeId) => SimulatedNode | undefined;
  readonly #clients = new Map<ClientId, Client>();

  constructor(timeline: Timeline, random: Random, node: (id: NodeId) => SimulatedNode | undefined) {
    this.#timeline = timeline;
    this.#random = random;
    this.#node = node;
  }

  connect(id: ClientId, receive: SimulatedReceiver): SimulatedConnection {
    const client: Client = { receive, pending: new Map() };
    this.#clients.set(id, client);
    return {
      request: (attempt, to, body) => {
        const frame = encodeFrame(id, to, { ...body, msg_id: attempt });
        this.#later(() => this.#arrive(client, attempt, to, frame));
      },
      close: () => {
        if (this.#clients.get(id) === client) this.#clients.delete(id);
      },
    };
  }

  /** A node's answer. It is lost when the client has gone, or when the node died since it was asked. */
  answer(from: NodeId, to: ClientId, frame: string): void {
    this.#later(() => {
      const client = this.#clients.get(to);
      if (client === undefined) return;
      const body = decodeFrame(frame).body as ResponseBody;
      const attempt = body['in_reply_to'] as number;
      if (client.pending.get(from)?.delete(attempt) !== true) return;
      this.#timeline.trace(to, 'reply', frame);
      client.receive.reply(attempt, body);
    });
  }

  /** The node has died: whoever waits for its answer learns that the connection is gone. */
  reset(node: NodeId): void {
    for (const [id, client] of this.#clients) {
      const attempts = client.pending.get(node);
      if (attempts === undefined) continue;
      client.pending.delete(node);
      for (const attempt of attempts)
        this.#later(() => this.#fail(id, client, attempt, 'after', `connection to ${node} was reset`));
    }
  }

  #arrive(client: Client, attempt: number, to: NodeId, frame: string): void {
    const node = this.#node(to);
    if (node === undefined || !node.running) {
      const id = decodeFrame(frame).src as ClientId;
      this.#later(() => this.#fail(id, client, attempt, 'before', `connection to ${to} was refused`));
      return;
    }
    let pending = client.pending.get(to);
    if (pending === undefined) client.pending.set(to, (pending = new Set()));
    pending.add(attempt);
    node.receiveClient(frame);
  }

  #fail(id: ClientId, client: Client, attempt: number, when: 'before' | 'after', why: string): void {
    if (this.#clients.get(id) !== client) return;
    this.#timeline.trace(id, 'undeliverable', `${attempt} ${when}`);
    client.receive.undeliverable(attempt, when, why);
  }

  #later(fire: () => void): void {
    this.#timeline.after((nearest + this.#random.below(farthest - nearest)) as Duration, fire);
  }
}
