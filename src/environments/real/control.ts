/** What the harness asks of nodes for itself, over the way that clients use (protocol/controls.ts). */
import type { NodeId } from '../../core/ids.ts';
import type { Inspection } from '../../core/inspection.ts';
import type { Json } from '../../core/json.ts';
import type { Instant } from '../../core/time.ts';
import type { Attempt } from '../../protocol/client.ts';
import type { ClientId, ErrorBody, RequestBody, ResponseBody } from '../../protocol/wire.ts';
import type { ClientConnection, World } from '../environment.ts';

/** Milliseconds that a node has to answer. */
const patience = 1_000;

export class Control {
  readonly #connection: ClientConnection;
  readonly #asked = new Map<
    Attempt,
    { readonly resolve: (body: ResponseBody) => void; readonly reject: (error: Error) => void }
  >();
  #attempts = 0;

  constructor(world: World) {
    this.#connection = world.connect('harness' as ClientId, {
      reply: (attempt, body) => {
        if (body.type === 'error') this.#asked.get(attempt)?.reject(new Error((body as ErrorBody).text));
        else this.#asked.get(attempt)?.resolve(body);
      },
      undeliverable: (attempt, _when, why) => this.#asked.get(attempt)?.reject(new Error(why)),
    });
  }

  async inspect(node: NodeId): Promise<Inspection> {
    const { inspection } = await this.#ask(node, { type: 'harness/inspect' });
    return inspection as unknown as Inspection;
  }

  async peek(node: NodeId, key: string): Promise<Json> {
    const { value } = await this.#ask(node, { type: 'harness/peek', key });
    return value ?? null;
  }

  /** What the node's wall clock shows. */
  async wallClock(node: NodeId): Promise<Instant> {
    const { wall } = await this.#ask(node, { type: 'harness/clock' });
    return wall as Instant;
  }

  /** Makes the node send a probe to the peer. */
  async probe(node: NodeId, to: NodeId, nonce: number): Promise<void> {
    await this.#ask(node, { type: 'harness/probe', to, nonce });
  }

  /** The probes that have reached the node lately. */
  async probesSeen(node: NodeId): Promise<ReadonlySet<number>> {
    const { seen } = await this.#ask(node, { type: 'harness/probes' });
    return new Set(seen as readonly number[]);
  }

  close(): void {
    this.#connection.close();
    for (const { reject } of this.#asked.values()) reject(new Error('the cluster was shut down'));
  }

  async #ask(node: NodeId, body: RequestBody): Promise<ResponseBody> {
    const attempt = ++this.#attempts;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ResponseBody>((resolve, reject) => {
        this.#asked.set(attempt, { resolve, reject });
        timer = setTimeout(() => reject(new Error(`${node} did not answer within ${patience} ms`)), patience);
        this.#connection.request(attempt, node, body);
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(attempt);
    }
  }
}
