/**
 * The coordinator of a request is whichever node the client asks, as the course notes propose to spread the load. It is
 * one of the workers, too. In the notes' words it logs PREPARE and asks all workers (WAIT); when all have voted commit
 * it logs GLOBAL-COMMIT, when one votes abort or a vote does not come in time GLOBAL-ABORT, and tells all. The decision
 * is made when it is in the journal; that is when the client is answered. The notes answer after the ACKs, which is not
 * needed here: a worker that has not heard of the decision yet has the keys locked, and reads there wait.
 *
 * After a crash it reads its journal (notes on durability: "aborts in INIT, WAIT, or ABORT; commits in COMMIT"): what it
 * had not decided it aborts, and what it had decided it tells again. It forgets a transaction when every worker has
 * acknowledged, and not before: whoever asks can be answered until nobody has a reason to ask any more.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { plus } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, ResponseBody } from '../../src/protocol/wire.ts';
import type { Ack, Ask, Decision, Vote } from './dialect.ts';
import { globalsOf } from './node.ts';
import type { Step, TwoPhaseNode } from './node.ts';
import { effectOf, keysOf } from './operations.ts';
import type { Operation } from './operations.ts';
import { compare, nameOf } from './transactions.ts';
import type { Transaction, TransactionId } from './transactions.ts';

/** A transaction whose votes are being collected. */
interface Waiting {
  readonly transaction: Transaction;
  readonly request: RequestId;
  /** What the client is told on a commit. */
  readonly answer: ResponseBody;
  readonly votes: Set<NodeId>;
  readonly expires: Instant;
  answered: boolean;
}

export class Coordinator {
  readonly #node: TwoPhaseNode;
  readonly #waiting = new Map<string, Waiting>();
  /** Who has acknowledged a decided transaction, as far as this life has heard. */
  readonly #acks = new Map<string, Set<NodeId>>();
  #begun = 0;

  constructor(node: TwoPhaseNode) {
    this.#node = node;
  }

  /** Transactions of this coordinator that some worker has not acknowledged. */
  get unacknowledged(): number {
    return this.#node.journal.decidedCount(this.#node.self);
  }

  /** What the last life left undecided is aborted: nobody can have been told to commit. */
  recover(step: Step): void {
    const { self, journal } = this.#node;
    for (const { id } of journal.ready()) if (id.coordinator === self) this.#log(id, 'abort', step);
    this.#tell(step);
  }

  onOperation(request: RequestId, operation: Operation, step: Step): void {
    const { peers, journal, settings } = this.#node;
    const { effects, now } = step;
    const keys = keysOf(operation);
    if (keys.some((key) => journal.isLocked(key))) return effects.reply(request, conflict);
    const { writes, answer } = effectOf(operation, (key) => journal.valueOf(key));
    if (writes.length === 0) return effects.reply(request, answer);
    if (this.#waiting.size + this.unacknowledged >= settings.mostOpen) return effects.reply(request, tooMany);
    const transaction: Transaction = { id: this.#nextId(), keys, writes };
    journal.prepare(transaction, effects);
    const expires = plus(now.monotonic, settings.patience);
    const waiting: Waiting = { transaction, request, answer, votes: new Set(), expires, answered: false };
    this.#waiting.set(nameOf(transaction.id), waiting);
    if (settings.mistakes.has('ack-before-decision')) this.#answer(waiting, answer, step);
    if (peers.length === 0) return this.#commit(waiting, step);
    this.#ask(waiting, step);
  }

  onVote(from: NodeId, { type, id }: Vote, step: Step): void {
    const waiting = this.#waiting.get(nameOf(id));
    if (waiting === undefined) {
      // Whoever votes abort has aborted, and needs no telling. Nobody is waited for when the transaction is over.
      if (type === 'vote-abort') this.#acknowledge(from, id, step);
      else this.#answerAsk(from, [id], step);
      return;
    }
    if (type === 'vote-abort') {
      this.#abort(waiting, conflict, step);
      return this.#acknowledge(from, id, step);
    }
    waiting.votes.add(from);
    if (waiting.votes.size === this.#node.peers.length) this.#commit(waiting, step);
  }

  onAck(from: NodeId, { ids }: Ack, step: Step): void {
    for (const id of ids) this.#acknowledge(from, id, step);
  }

  onAsk(from: NodeId, { ids }: Ask, step: Step): void {
    this.#answerAsk(from, ids, step);
  }

  /** Says again what was not answered, and gives up what has waited too long for votes. */
  onTimer(step: Step): void {
    const { mistakes } = this.#node.settings;
    this.#tell(step);
    for (const waiting of this.#waiting.values())
      if (step.now.monotonic < waiting.expires) this.#ask(waiting, step);
      else if (mistakes.has('presume-commit-on-timeout')) this.#commit(waiting, step);
      else this.#abort(waiting, votesMissing, step);
  }

  #nextId(): TransactionId {
    this.#begun++;
    const { self, life } = this.#node;
    return { coordinator: self, life, number: this.#begun };
  }

  /** SEND PREPARE to those that have not voted. */
  #ask({ transaction, votes }: Waiting, { effects }: Step): void {
    const oldest = this.#oldest(transaction.id);
    for (const peer of this.#node.peers)
      if (!votes.has(peer)) effects.send(peer, { type: 'prepare', transaction, oldest });
  }

  /** The oldest transaction that is not over, of which this is one. */
  #oldest(id: TransactionId): TransactionId {
    const { self, journal } = this.#node;
    const open = [...this.#waiting.values()].map(({ transaction }) => transaction.id);
    const decided = journal.decidedOf(self).map((one) => one.id);
    return [...open, ...decided].reduce((one, other) => (compare(one, other) < 0 ? one : other), id);
  }

  #commit(waiting: Waiting, step: Step): void {
    this.#decide(waiting.transaction.id, 'commit', step);
    this.#answer(waiting, waiting.answer, step);
  }

  /** The error is definite: the decision to abort is for good. */
  #abort(waiting: Waiting, error: ErrorBody, step: Step): void {
    this.#decide(waiting.transaction.id, 'abort', step);
    this.#answer(waiting, error, step);
  }

  /** SEND GLOBAL-COMMIT or GLOBAL-ABORT: the host does so when it is logged. */
  #decide(id: TransactionId, decision: Decision, step: Step): void {
    this.#waiting.delete(nameOf(id));
    this.#log(id, decision, step);
    for (const peer of this.#node.peers) step.effects.send(peer, { type: `global-${decision}`, ids: [id] });
  }

  /** LOG: GLOBAL-COMMIT or GLOBAL-ABORT. */
  #log(id: TransactionId, decision: Decision, { effects }: Step): void {
    const { peers, journal } = this.#node;
    journal.decideOwn(id, decision, effects);
    if (peers.length === 0) journal.end(id, effects);
  }

  #answer(waiting: Waiting, body: ResponseBody, { effects }: Step): void {
    if (waiting.answered) return;
    waiting.answered = true;
    effects.reply(waiting.request, body);
  }

  #acknowledge(from: NodeId, id: TransactionId, { effects }: Step): void {
    const { peers, journal } = this.#node;
    const name = nameOf(id);
    if (journal.decisionOn(id) === null) return;
    const acks = this.#acks.get(name) ?? new Set<NodeId>();
    this.#acks.set(name, acks.add(from));
    if (acks.size < peers.length) return;
    this.#acks.delete(name);
    journal.end(id, effects);
  }

  /** What is not decided yet the worker will hear; what was forgotten it has acknowledged itself. */
  #answerAsk(from: NodeId, ids: readonly TransactionId[], { effects }: Step): void {
    const { journal } = this.#node;
    const decided = ids.flatMap((id) => {
      const decision = journal.decisionOn(id);
      return decision === null ? [] : { id, decision };
    });
    for (const message of globalsOf(decided)) effects.send(from, message);
  }

  /** The same again to those that have not acknowledged. */
  #tell({ effects }: Step): void {
    const { self, peers, journal, settings } = this.#node;
    const decided = journal.decidedOf(self);
    for (const peer of peers) {
      const owed = decided.filter(({ id }) => this.#acks.get(nameOf(id))?.has(peer) !== true);
      for (const message of globalsOf(owed.slice(0, settings.batch))) effects.send(peer, message);
    }
  }
}

const conflict = errorBody(codes.transactionConflict, 'Another transaction has a lock that this one needs');

const votesMissing = errorBody(codes.temporarilyUnavailable, 'Not all workers have voted in time: aborted');

const tooMany = errorBody(
  codes.temporarilyUnavailable,
  'Too many transactions wait until all workers have acknowledged: not begun',
);
