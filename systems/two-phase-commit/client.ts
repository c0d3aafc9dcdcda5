/**
 * The client of two-phase commit. Any node will do as a coordinator and for reads, so that it begins at its home node. A
 * definite answer, as that another transaction has the lock, says that nothing has happened and nothing will: it tries
 * again elsewhere, after a pause that grows, or those who want the same key would get into each other's way for ever.
 * But once it cannot know what became of an attempt to write, it must not try again: nobody would notice that the two
 * are the same write. It waits for the answer until the operation's time is over. A read may be asked again at any time,
 * also one of several keys.
 */
import type { NodeId } from '../../src/core/ids.ts';
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
import type { OperationError, Outcome } from '../../src/protocol/outcomes.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';

/** The operation in progress. */
interface Progress {
  readonly call: Call;
  /** The latest attempt and where it went. */
  attempt: Attempt;
  node: NodeId;
  tries: number;
  lastError: OperationError | null;
}

/** The first pause lasts up to twice the least; each one after that up to twice as long, until the longest. */
const leastPause = milliseconds(10);
const longestPause = milliseconds(320);

/** A read, or a transaction without a write. */
const changesNothing = ({ f, value }: Call): boolean =>
  f === 'read' ||
  (f === 'txn' && Array.isArray(value) && value.every((part) => Array.isArray(part) && part[0] !== 'w'));

export class TwoPhaseClient implements ClientMachine {
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
    if (input.attempt === progress.attempt) this.#goOn(progress, { code: null, text: input.why }, effects);
  }

  #begin(call: Call, effects: ClientEffects): void {
    const { home, operationTimeout } = this.#context;
    this.#attempts.beginOperation();
    this.#progress = { call, attempt: 0, node: home, tries: 0, lastError: null };
    effects.setTimer('operation', operationTimeout);
    this.#try(this.#progress, home, effects);
  }

  #try(progress: Progress, node: NodeId, effects: ClientEffects): void {
    const isRead = changesNothing(progress.call);
    progress.node = node;
    progress.tries++;
    progress.attempt = this.#attempts.open(node, isRead ? 'harmless' : 'effect');
    if (isRead) effects.setTimer('attempt', this.#context.attemptTimeout);
    effects.request(progress.attempt, node, requestOf(progress.call));
  }

  #onReply(progress: Progress, attempt: Attempt, body: ResponseBody, effects: ClientEffects): void {
    const answer = answerOf(progress.call, body);
    if (answer.type === 'ok')
      return this.#end({ type: 'ok', value: answer.value }, effects, this.#attempts.nodeOf(attempt));
    const { error } = answer;
    if (answer.type === 'definite') this.#attempts.settleAsDefinite(attempt);
    if (attempt !== progress.attempt) return;
    if (error.code === codes.notSupported || error.code === codes.malformedRequest) this.#giveUp(error, effects);
    else this.#goOn(progress, error, effects);
  }

  /** After an attempt that has ended without a result: another one, unless this one may have happened. */
  #goOn(progress: Progress, error: OperationError, effects: ClientEffects): void {
    if (this.#attempts.inDoubt) return this.#giveUp(error, effects);
    progress.lastError = error;
    effects.clearTimer('attempt');
    const pause = Math.min(longestPause, leastPause * 2 ** (progress.tries - 1));
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
    this.#end(this.#attempts.outcome(error), effects);
  }

  #end(outcome: Outcome, effects: ClientEffects, node?: NodeId): void {
    this.#progress = null;
    for (const timer of ['operation', 'attempt', 'pause']) effects.clearTimer(timer);
    effects.complete(outcome, node);
  }
}
