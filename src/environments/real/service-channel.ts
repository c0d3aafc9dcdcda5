/**
 * One connection from one client to one node of a service. The service's own client tells what surely never left: a
 * connection that never came about. Whatever fails later may have taken effect. What the harness asks for itself is
 * answered here, since no host of ours is there to do it.
 */
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Inspection } from '../../core/inspection.ts';
import type { Json } from '../../core/json.ts';
import type { Attempt } from '../../protocol/client.ts';
import { codes } from '../../protocol/outcomes.ts';
import type { ServiceConnection, ServiceSystem } from '../../protocol/system.ts';
import type { RequestBody, ResponseBody } from '../../protocol/wire.ts';
import { errorBody } from '../../protocol/wire.ts';
import type { Address } from '../../runtimes/real/address.ts';
import type { Channel, ChannelEnds } from './real-world.ts';
import { inTime } from './waiting.ts';

/** Milliseconds that a connection may take to come about. */
const connectTimeout = 1_000;

export const requestsTo =
  (system: ServiceSystem, addressOf: (node: NodeId) => Address) =>
  (ends: ChannelEnds): Channel =>
    new ServiceChannel(system, addressOf(ends.node), ends);

class ServiceChannel implements Channel {
  readonly #system: ServiceSystem;
  readonly #ends: ChannelEnds;
  readonly #connection: Promise<ServiceConnection>;
  #closed = false;

  constructor(system: ServiceSystem, address: Address, ends: ChannelEnds) {
    this.#system = system;
    this.#ends = ends;
    this.#connection = this.#connect(address);
    this.#connection.catch(() => ends.onClose());
  }

  request(attempt: Attempt, body: RequestBody): void {
    void this.#ask(attempt, body);
  }

  close(): void {
    this.#closed = true;
    void this.#connection.then((connection) => connection.close()).catch(() => null);
  }

  async #connect(address: Address): Promise<ServiceConnection> {
    if (address.kind !== 'tcp') throw new Error('a service is reached by TCP');
    const dialled = this.#system.connect(address.host, address.port);
    const connection = await inTime(connectTimeout, dialled);
    if (connection !== null) return connection;
    // One that comes too late is of no use to anybody.
    dialled.then(
      (late) => late.close(),
      () => null,
    );
    throw new Error(`no connection within ${connectTimeout} ms`);
  }

  async #ask(attempt: Attempt, body: RequestBody): Promise<void> {
    let connection: ServiceConnection;
    try {
      connection = await this.#connection;
    } catch (error) {
      if (!this.#closed) this.#ends.receiver.undeliverable(attempt, 'before', messageOf(error));
      return;
    }
    try {
      const answer = await this.#answer(connection, body);
      if (!this.#closed) this.#ends.receiver.reply(attempt, answer);
    } catch (error) {
      // A connection that has failed once is not used again.
      this.#ends.onClose();
      connection.close();
      if (!this.#closed) this.#ends.receiver.undeliverable(attempt, 'after', messageOf(error));
    }
  }

  async #answer(connection: ServiceConnection, body: RequestBody): Promise<ResponseBody> {
    if (!body.type.startsWith('harness/')) return await connection.request(body);
    if (body.type === 'harness/inspect') {
      const inspection: Inspection = await this.#system.inspect(connection);
      return { type: 'harness/inspect_ok', inspection: inspection as Json };
    }
    if (body.type === 'harness/peek' && this.#system.peek !== undefined)
      return { type: 'harness/peek_ok', value: await this.#system.peek(connection, body['key'] as string) };
    return errorBody(codes.notSupported, `${this.#system.name} does not answer ${body.type}`);
  }
}
