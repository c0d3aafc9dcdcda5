/**
 * Two-phase commit over replicas of a key-value store, as in the course notes (section 13, 3.2; lecture "Two-Phase
 * Commit"), after Gray 1978. This file hands each input to the room that deals with it: coordinator.ts, worker.ts,
 * readers.ts.
 */
import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Inspection } from '../../src/core/inspection.ts';
import type { Json } from '../../src/core/json.ts';
import type { Now } from '../../src/core/time.ts';
import type { Effects, Input, Machine, NodeContext, Protocol, RequestId } from '../../src/protocol/protocol.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { Coordinator } from './coordinator.ts';
import type { TwoPhaseDialect, TwoPhaseMessage, TwoPhaseRecord } from './dialect.ts';
import { TwoPhaseNode } from './node.ts';
import type { Step } from './node.ts';
import { operationOf } from './operations.ts';
import { Readers } from './readers.ts';
import { Worker } from './worker.ts';

export const twoPhaseProtocol: Protocol<TwoPhaseDialect> = {
  name: 'two-phase-commit',
  start: (now, context, records, effects) => new TwoPhaseMachine({ now, effects }, context, records),
};

/** Exported for tests, which look at its node. */
export class TwoPhaseMachine implements Machine<TwoPhaseDialect> {
  readonly node: TwoPhaseNode;
  readonly #coordinator: Coordinator;
  readonly #worker: Worker;
  readonly #readers: Readers;
  #timerIsSet = false;

  constructor(step: Step, context: NodeContext, records: Iterable<TwoPhaseRecord>) {
    this.node = new TwoPhaseNode(context, records);
    this.#coordinator = new Coordinator(this.node);
    this.#worker = new Worker(this.node);
    this.#readers = new Readers(this.node);
    this.#coordinator.recover(step);
    this.#worker.ask(step);
    this.#setTimer(step);
  }

  step(now: Now, input: Input<TwoPhaseDialect>, effects: Effects<TwoPhaseDialect>): void {
    invariant(input.kind !== 'scoped', () => 'two-phase-commit has no child machine');
    const step = { now, effects };
    if (input.kind === 'message') this.#onMessage(input.from, input.message, step);
    else if (input.kind === 'request') this.#onRequest(input.id, input.body, step);
    else this.#onTimer(step);
    this.#readers.serve(step);
    this.#setTimer(step);
  }

  inspect(): Inspection {
    const { journal } = this.node;
    return {
      role: 'replica',
      keys: journal.keyCount,
      ready: journal.readyCount,
      unacknowledged: this.#coordinator.unacknowledged,
      reads: this.#readers.count,
    };
  }

  peek(key: string): Json {
    return this.node.journal.valueOf(key)?.value ?? null;
  }

  #onMessage(from: NodeId, message: TwoPhaseMessage, step: Step): void {
    switch (message.type) {
      case 'prepare':
        return this.#worker.onPrepare(from, message, step);
      case 'global-commit':
      case 'global-abort':
        return this.#worker.onGlobal(from, message, step);
      case 'vote-commit':
      case 'vote-abort':
        return this.#coordinator.onVote(from, message, step);
      case 'ack':
        return this.#coordinator.onAck(from, message, step);
      case 'ask':
        return this.#coordinator.onAsk(from, message, step);
    }
  }

  #onRequest(id: RequestId, body: RequestBody, step: Step): void {
    const operation = operationOf(body);
    if ('code' in operation) return step.effects.reply(id, operation);
    if (operation.f === 'read') return this.#readers.onRead(id, operation.key, step);
    this.#coordinator.onOperation(id, operation, step);
  }

  #onTimer(step: Step): void {
    this.#timerIsSet = false;
    this.#coordinator.onTimer(step);
    this.#worker.ask(step);
    this.#readers.onTimer(step);
  }

  /** A node for which nothing is open stays quiet. */
  #setTimer({ effects }: Step): void {
    const isIdle = this.#readers.count + this.node.journal.readyCount + this.#coordinator.unacknowledged === 0;
    if (this.#timerIsSet || isIdle) return;
    this.#timerIsSet = true;
    effects.setTimer('upkeep', this.node.settings.resend);
  }
}
