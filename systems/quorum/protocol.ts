/**
 * A leaderless store in the manner of Dynamo (DeCandia et al., SOSP 2007) whose reads and writes are those of the ABD
 * register (Attiya, Bar-Noy & Dolev, JACM 1995). This file hands each input to the room that deals with it:
 * requests.ts, coordinator.ts, replica.ts, hand-off.ts, anti-entropy.ts.
 */
import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Inspection } from '../../src/core/inspection.ts';
import type { Json } from '../../src/core/json.ts';
import type { Now } from '../../src/core/time.ts';
import type { Effects, Input, Machine, NodeContext, Protocol } from '../../src/protocol/protocol.ts';
import { onDigest, onPush, sendDigest } from './anti-entropy.ts';
import type { Turn } from './anti-entropy.ts';
import { Coordinator } from './coordinator.ts';
import type { QuorumDialect, QuorumMessage, QuorumRecord } from './dialect.ts';
import { handOff, onHandOff, onHandedOff } from './hand-off.ts';
import { QuorumNode } from './node.ts';
import type { Step } from './node.ts';
import { onRequest } from './requests.ts';

export const quorumProtocol: Protocol<QuorumDialect> = {
  name: 'quorum',
  start: (_now, context, records, effects) => new QuorumMachine(context, records, effects),
};

/** Exported for tests, which look at its node. */
export class QuorumMachine implements Machine<QuorumDialect> {
  readonly node: QuorumNode;
  readonly #coordinator: Coordinator;
  readonly #turn: Turn = { peer: 0, after: null };

  constructor(context: NodeContext, records: Iterable<QuorumRecord>, effects: Effects<QuorumDialect>) {
    this.node = new QuorumNode(context, records);
    this.#coordinator = new Coordinator(this.node);
    this.#upkeepLater(effects);
  }

  step(now: Now, input: Input<QuorumDialect>, effects: Effects<QuorumDialect>): void {
    invariant(input.kind !== 'scoped', () => 'quorum has no child machine');
    const step = { now, effects };
    if (input.kind === 'message') this.#onMessage(input.from, input.message, step);
    else if (input.kind === 'request') onRequest(this.#coordinator, input.id, input.body, step);
    else if (input.timer === 'resend') this.#coordinator.onTimer(step);
    else this.#onUpkeep(step);
  }

  inspect(): Inspection {
    const { keyCount, hintCount } = this.node.replica;
    return { role: 'replica', keys: keyCount, hints: hintCount, rounds: this.#coordinator.roundCount };
  }

  peek(key: string): Json {
    return this.node.replica.versionOf(key)?.value ?? null;
  }

  #onMessage(from: NodeId, message: QuorumMessage, step: Step): void {
    const { node } = this;
    switch (message.type) {
      case 'query': {
        const { round, key } = message;
        return step.effects.send(from, { type: 'query-reply', round, version: node.replica.versionOf(key) });
      }
      case 'store':
        node.replica.take(message.version, step.effects);
        return step.effects.send(from, { type: 'store-reply', round: message.round });
      case 'query-reply':
        return this.#coordinator.onQueryReply(from, message, step);
      case 'store-reply':
        return this.#coordinator.onStoreReply(from, message, step);
      case 'hand-off':
        return onHandOff(node, from, message, step);
      case 'handed-off':
        return onHandedOff(node, from, message, step);
      case 'digest':
        return onDigest(node, from, message, step);
      case 'push':
        return onPush(node, from, message, step);
    }
  }

  #onUpkeep(step: Step): void {
    const { handoff, antiEntropy } = this.node.settings;
    if (handoff) handOff(this.node, step);
    if (antiEntropy) sendDigest(this.node, this.#turn, step);
    this.#upkeepLater(step.effects);
  }

  #upkeepLater(effects: Effects<QuorumDialect>): void {
    const { peers, settings } = this.node;
    if (peers.length > 0 && (settings.handoff || settings.antiEntropy)) effects.setTimer('upkeep', settings.upkeep);
  }
}
