/**
 * The replicated service that keeps the configuration: a Raft of all nodes, each of which holds one as a child machine. To
 * the child this node is a client like any other: it asks by requests and gets replies, which are caught before they
 * reach the host. The configuration is the value of one key.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Now } from '../../src/core/time.ts';
import type { Effects, Input, NodeContext } from '../../src/protocol/protocol.ts';
import type { ClientId, RequestBody, ResponseBody } from '../../src/protocol/wire.ts';
import type { RaftDialect } from '../raft/dialect.ts';
import { RaftMachine } from '../raft/protocol.ts';
import type { Configuration } from './configuration.ts';
import type { CraqDialect } from './dialect.ts';
import { serviceOptions } from './settings.ts';

export const configurationKey = 'configuration';

export const scopeName = 'config';

type Answered = (response: ResponseBody) => void;

export class ConfigurationService {
  readonly #machine: RaftMachine;
  readonly #effects: Effects<RaftDialect>;
  readonly #asked = new Map<number, Answered>();
  readonly #answers: { readonly answered: Answered; readonly response: ResponseBody }[] = [];
  readonly #self: NodeId;
  #requests = 0;

  constructor(now: Now, context: NodeContext, effects: Effects<CraqDialect>) {
    const scope = effects.scope<RaftDialect>(scopeName);
    this.#self = context.self;
    this.#effects = {
      ...scope.effects,
      reply: (request, response) => {
        const answered = this.#asked.get(request);
        if (answered === undefined || !this.#asked.delete(request)) return;
        // Not called here: the child is in the middle of its step.
        this.#answers.push({ answered, response });
      },
    };
    const random = context.random.fork(scopeName);
    const own = { ...context, random, options: serviceOptions(context.options) };
    this.#machine = new RaftMachine(now, own, scope.records, this.#effects);
  }

  /** The term that this node leads; null when it does not. */
  get office(): number | null {
    const { role, term = 0 } = this.#machine.inspect();
    return role === 'leader' ? term : null;
  }

  /** Who leads, as far as is known here. */
  get leader(): NodeId | null {
    return this.#machine.node.leader;
  }

  /** The committed configuration that has been applied here; null before the first one was written. */
  get applied(): Configuration | null {
    return this.#machine.peek(configurationKey) as Configuration | null;
  }

  step(now: Now, input: Input<RaftDialect>): void {
    this.#machine.step(now, input, this.#effects);
    for (let next = this.#answers.shift(); next !== undefined; next = this.#answers.shift())
      next.answered(next.response);
  }

  /** As a client would. Every request is answered, at the latest when the office is lost in which it was taken. */
  ask(now: Now, body: RequestBody, answered: Answered): void {
    const id = ++this.#requests;
    this.#asked.set(id, answered);
    this.step(now, { kind: 'request', id, client: this.#self as string as ClientId, body });
  }
}
