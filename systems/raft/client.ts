/**
 * The client of Raft: it asks its home node, is sent on to the leader, and tries elsewhere when nobody answers. Before
 * its first write it opens a session (dissertation, 6.3); every attempt of a write then carries the session and the
 * number of the operation, so that the store carries it out once however often it arrives. Reads need none.
 *
 * Where any node answers reads (reads=local), answers carry the index of the log that they show, and a read asks for a
 * state that is not older than any that this process has seen.
 *
 * When the store has forgotten the session, a new one would make the operation a new one. That is right only if no
 * earlier attempt can have been carried out under the old session; otherwise nobody can say what happened.
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
import type { OperationError } from '../../src/protocol/outcomes.ts';
import type { RequestBody, ResponseBody } from '../../src/protocol/wire.ts';

/** The operation in progress. */
interface Progress {
  readonly call: Call;
  /** The latest attempt and where it went. */
  attempt: Attempt;
  node: NodeId;
  /** How many hints were followed without a pause: nodes that point at each other must not keep it running. */
  hints: number;
  lastError: OperationError | null;
}

/** A pause before the next node is tried lasts from one to two of these. */
const pause = milliseconds(50);

export class RaftClient implements ClientMachine {
  readonly #context: ClientContext;
  readonly #attempts = new Attempts();
  #session: number | null = null;
  #sequence = 0;
  /** The highest index of the log that any of this process's operations has seen; only where reads are local. */
  #seen = 0;
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
    this.#attempts.beginOperation();
    this.#sequence++;
    this.#progress = { call, attempt: 0, node: this.#context.home, hints: 0, lastError: null };
    effects.setTimer('operation', this.#context.operationTimeout);
    this.#try(this.#progress, this.#context.home, effects);
  }

  #try(progress: Progress, node: NodeId, effects: ClientEffects): void {
    const body = this.#bodyOf(progress.call);
    const isHarmless = body.type === 'read' || body.type === 'open_session';
    progress.node = node;
    progress.attempt = this.#attempts.open(node, isHarmless ? 'harmless' : 'effect');
    effects.setTimer('attempt', this.#context.attemptTimeout);
    effects.request(progress.attempt, node, body);
  }

  #bodyOf(call: Call): RequestBody {
    if (call.f === 'read') return this.#seen === 0 ? requestOf(call) : { ...requestOf(call), after: this.#seen };
    if (this.#session === null) return { type: 'open_session' };
    return { ...requestOf(call), session: this.#session, sequence: this.#sequence };
  }

  #onReply(progress: Progress, attempt: Attempt, body: ResponseBody, effects: ClientEffects): void {
    if (body.type === 'open_session_ok') return this.#onSession(progress, attempt, body, effects);
    const answer = answerOf(progress.call, body);
    if (answer.type === 'ok') {
      if (typeof body['index'] === 'number') this.#seen = Math.max(this.#seen, body['index']);
      effects.complete({ type: 'ok', value: answer.value }, this.#attempts.nodeOf(attempt));
      return this.#end(effects);
    }
    if (answer.type === 'definite') this.#attempts.settleAsDefinite(attempt);
    if (attempt === progress.attempt) this.#goOn(progress, answer.error, body, effects);
  }

  /** A late answer is as good as one in time, unless a session has been opened meanwhile. */
  #onSession(progress: Progress, attempt: Attempt, { session }: ResponseBody, effects: ClientEffects): void {
    if (this.#session !== null || typeof session !== 'number') return;
    this.#session = session;
    effects.clearTimer('pause');
    this.#try(progress, this.#attempts.nodeOf(attempt), effects);
  }

  #goOn(progress: Progress, error: OperationError, { leader }: ResponseBody, effects: ClientEffects): void {
    if (error.code === codes.abort) return this.#renewSession(progress, error, effects);
    if (error.code === codes.malformedRequest || error.code === codes.notSupported) return this.#giveUp(error, effects);
    const hint = this.#context.nodes.find((node) => node === leader);
    if (hint === undefined || hint === progress.node || progress.hints >= this.#context.nodes.length)
      return this.#rest(progress, error, effects);
    progress.hints++;
    this.#try(progress, hint, effects);
  }

  #renewSession(progress: Progress, error: OperationError, effects: ClientEffects): void {
    this.#session = null;
    if (this.#attempts.inDoubt) this.#giveUp(error, effects);
    else this.#try(progress, progress.node, effects);
  }

  #rest(progress: Progress, error: OperationError, effects: ClientEffects): void {
    progress.lastError = error;
    effects.clearTimer('attempt');
    effects.setTimer('pause', nanoseconds(pause + this.#context.random.below(pause)));
  }

  #onTimer(progress: Progress, timer: string, effects: ClientEffects): void {
    if (timer === 'operation') return this.#giveUp(this.#timeout(progress), effects);
    progress.hints = 0;
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
