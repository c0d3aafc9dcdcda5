/**
 * The client of the quorum store. Any node will do as a coordinator, so that it asks its home node and goes to the next
 * one when that does not answer in time or cannot reach enough replicas. Before a write it asks for a stamp, which
 * changes nothing; every attempt of the write then carries that same stamp, so that the store sees one version however
 * often it arrives, and wherever. A second stamp for the same operation would make it two writes: the older one could
 * come to light again after somebody else's write had stood between them.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { milliseconds, nanoseconds } from '../../src/core/time.ts';
import type { Now } from '../../src/core/time.ts';
import { Attempts } from '../../src/protocol/attempts.ts';
import type {
  Attempt,
  Call,
  ClientContext,
  ClientEffects,
  ClientInput,
  ClientMachine,
} from '../../src/protocol/client.ts';
import { answerOf, requestOf } from '../../src/protocol/key-value.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { OperationError } from '../../src/protocol/outcomes.ts';
import type { RequestBody, ResponseBody } from '../../src/protocol/wire.ts';

/** The operation in progress. */
interface Progress {
  readonly call: Call;
  /** Of a write, when it has been given. */
  stamp: Json;
  /** The latest attempt and where it went. */
  attempt: Attempt;
  node: NodeId;
  lastError: OperationError | null;
}

/** A pause before the next node is tried lasts from one to two of these. */
const pause = milliseconds(50);

export class QuorumClient implements ClientMachine {
  readonly #context: ClientContext;
  readonly #attempts = new Attempts();
  #progress: Progress | null = null;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  step(_now: Now, input: ClientInput, effects: ClientEffects): void {
    if (input.kind === 'invoke') return this.#begin(input.call, effects);
    const progress = this.#progress;
    if (progress === null) return;
    if (input.kind === 'timer') return this.#onTimer(progress, input.timer, effects);
    if (!this.#attempts.has(input.attempt)) return;
    if (input.kind === 'reply') return this.#onReply(progress, input.attempt, input.body, effects);
    if (input.when === 'before') this.#attempts.settleAsDefinite(input.attempt);
    if (input.attempt === progress.attempt) this.#rest(progress, { code: null, text: input.why }, effects);
  }

  #begin(call: Call, effects: ClientEffects): void {
    const { home, operationTimeout } = this.#context;
    this.#attempts.beginOperation();
    this.#progress = { call, stamp: null, attempt: 0, node: home, lastError: null };
    effects.setTimer('operation', operationTimeout);
    this.#try(this.#progress, home, effects);
  }

  #try(progress: Progress, node: NodeId, effects: ClientEffects): void {
    const body = bodyOf(progress);
    progress.node = node;
    progress.attempt = this.#attempts.open(node, body.type === 'write' ? 'effect' : 'harmless');
    effects.setTimer('attempt', this.#context.attemptTimeout);
    effects.request(progress.attempt, node, body);
  }

  #onReply(progress: Progress, attempt: Attempt, body: ResponseBody, effects: ClientEffects): void {
    if (body.type === 'stamp_ok') return this.#onStamp(progress, attempt, body, effects);
    const answer = answerOf(progress.call, body);
    if (answer.type === 'ok') {
      effects.complete({ type: 'ok', value: answer.value }, this.#attempts.nodeOf(attempt));
      return this.#end(effects);
    }
    const { error } = answer;
    if (answer.type === 'definite') this.#attempts.settleAsDefinite(attempt);
    if (attempt !== progress.attempt) return;
    if (error.code === codes.notSupported || error.code === codes.malformedRequest) this.#giveUp(error, effects);
    else this.#rest(progress, error, effects);
  }

  /** A late answer is as good as one in time, unless the write has its stamp by now. */
  #onStamp(progress: Progress, attempt: Attempt, { stamp }: ResponseBody, effects: ClientEffects): void {
    if (progress.call.f !== 'write' || progress.stamp !== null || stamp === undefined) return;
    progress.stamp = stamp;
    effects.clearTimer('pause');
    this.#try(progress, this.#attempts.nodeOf(attempt), effects);
  }

  #rest(progress: Progress, error: OperationError, effects: ClientEffects): void {
    progress.lastError = error;
    effects.clearTimer('attempt');
    effects.setTimer('pause', nanoseconds(pause + this.#context.random.below(pause)));
  }

  #onTimer(progress: Progress, timer: string, effects: ClientEffects): void {
    if (timer === 'operation') return this.#giveUp(this.#timeout(progress), effects);
    const { nodes } = this.#context;
    const next = nodes[(nodes.indexOf(progress.node) + 1) % nodes.length] ?? progress.node;
    this.#try(progress, next, effects);
  }

  #timeout({ lastError }: Progress): OperationError {
    const text = `No result within ${this.#context.operationTimeout / 1e9} s`;
    return lastError === null
      ? { code: null, text }
      : { code: lastError.code, text: `${text}; the last answer: ${lastError.text}` };
  }

  #giveUp(error: OperationError, effects: ClientEffects): void {
    effects.complete(this.#attempts.outcome(error));
    this.#end(effects);
  }

  #end(effects: ClientEffects): void {
    this.#progress = null;
    for (const timer of ['operation', 'attempt', 'pause']) effects.clearTimer(timer);
  }
}

const bodyOf = ({ call, stamp }: Progress): RequestBody => {
  if (call.f !== 'write') return requestOf(call);
  return stamp === null ? { type: 'stamp', key: call.key } : { ...requestOf(call), stamp };
};
