/**
 * What the harness may ask of any node, over the way that clients use: what it believes that it is, what it has
 * applied, what its clocks show, and to send a probe over a link. The host answers these itself; a machine never sees them.
 */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Json } from '../core/json.ts';
import type { Now } from '../core/time.ts';
import type { Body, RequestBody, ResponseBody } from './wire.ts';
import { errorBody } from './wire.ts';

export interface ControlledNode {
  /** Null while the machine has not started. */
  inspect(): Inspection | null;
  peek(key: string): Json;
  /** Sends a probe frame to a peer on the ordinary link. */
  probe(to: NodeId, nonce: number): void;
  now(): Now;
}

/** How many nonces a node remembers to have seen. */
const seenLimit = 1_000;

export class Controls {
  readonly #node: ControlledNode;
  readonly #seen: number[] = [];

  constructor(node: ControlledNode) {
    this.#node = node;
  }

  /** True when a peer's message was a probe and is dealt with. */
  sees(body: Body): boolean {
    if (body.type !== 'harness/probe') return false;
    this.#seen.push((body as Body & { readonly nonce: number }).nonce);
    if (this.#seen.length > seenLimit) this.#seen.shift();
    return true;
  }

  saw(nonce: number): boolean {
    return this.#seen.includes(nonce);
  }

  /** The answer to a request of the harness; null when the request is none. */
  answer(body: RequestBody): ResponseBody | null {
    if (!body.type.startsWith('harness/')) return null;
    switch (body.type) {
      case 'harness/inspect': {
        const inspection = this.#node.inspect();
        if (inspection === null) return errorBody(11, 'The machine has not started yet.');
        return { type: 'harness/inspect_ok', inspection: inspection as Json };
      }
      case 'harness/peek':
        return { type: 'harness/peek_ok', value: this.#node.peek(body['key'] as string) };
      case 'harness/probe':
        this.#node.probe(body['to'] as NodeId, Number(body['nonce']));
        return { type: 'harness/probe_ok' };
      case 'harness/clock':
        return { type: 'harness/clock_ok', ...this.#node.now() };
      case 'harness/probes':
        return { type: 'harness/probes_ok', seen: [...this.#seen] };
      default:
        return errorBody(10, `Unknown control request ${body.type}.`);
    }
  }
}
