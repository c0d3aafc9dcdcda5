/**
 * A worker, in the words of the course notes: INIT until it hears PREPARE; then it votes abort if it cannot lock all
 * keys, and is done; or it logs the PREPARE, votes commit and is READY. From then on it has promised: it must not give
 * up by itself, since the coordinator may have decided to commit. It blocks, with its locks, and asks.
 *
 * What arrives may be late. So that a PREPARE of a transaction that is over is not taken for a new one, a worker
 * remembers what was decided until its coordinator says that every worker has acknowledged, and rejects all that is
 * older than that (`oldest`).
 */
import type { NodeId } from '../../src/core/ids.ts';
import { plus } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Decision, Global, Prepare } from './dialect.ts';
import type { Step, TwoPhaseNode } from './node.ts';
import { nameOf } from './transactions.ts';
import type { Transaction, TransactionId } from './transactions.ts';

export class Worker {
  readonly #node: TwoPhaseNode;
  /** Of the transactions on which it has voted commit: since when, in this life. */
  readonly #waitsSince = new Map<string, Instant>();

  constructor(node: TwoPhaseNode) {
    this.#node = node;
  }

  onPrepare(from: NodeId, { transaction, oldest }: Prepare, step: Step): void {
    const { journal, settings } = this.#node;
    const { id, keys } = transaction;
    journal.forgetOlder(oldest);
    const vote = (type: 'vote-commit' | 'vote-abort'): void => step.effects.send(from, { type, id });
    if (!settings.mistakes.has('accept-old-prepare')) {
      // Its coordinator waits for no vote any more.
      if (journal.isOver(id)) return;
      const decision = journal.decisionOn(id);
      if (decision !== null) return decision === 'abort' ? vote('vote-abort') : undefined;
    }
    if (journal.isReady(id)) return vote('vote-commit');
    if (keys.some((key) => journal.isLocked(key))) {
      journal.decide(id, 'abort', step.effects);
      return vote('vote-abort');
    }
    journal.voteCommit(transaction, step.effects);
    vote('vote-commit');
  }

  /** Does what was decided, unless it is done already, and acknowledges in any case: the first ACK may be lost. */
  onGlobal(from: NodeId, { type, ids }: Global, step: Step): void {
    const decision = type === 'global-commit' ? 'commit' : 'abort';
    for (const id of ids) this.#conclude(id, decision, step);
    step.effects.send(from, { type: 'ack', ids });
  }

  /** A worker that was not READY has missed the PREPARE. It remembers the decision, so that it will reject it. */
  #conclude(id: TransactionId, decision: Decision, step: Step): void {
    const { journal } = this.#node;
    if (!journal.isReady(id) && (journal.isOver(id) || journal.decisionOn(id) !== null)) return;
    this.#waitsSince.delete(nameOf(id));
    journal.decide(id, decision, step.effects);
  }

  /** Asks what has become of the transactions on which it has voted commit. */
  ask(step: Step): void {
    const { peers, journal, settings } = this.#node;
    for (const peer of peers) {
      const waiting = journal.ready().filter(({ id }) => id.coordinator === peer);
      if (settings.mistakes.has('unilateral-abort')) this.#giveUp(waiting, step);
      const ids = waiting.slice(0, settings.batch).map(({ id }) => id);
      if (ids.length > 0) step.effects.send(peer, { type: 'ask', ids });
    }
  }

  /** Only the bug does this. */
  #giveUp(transactions: readonly Transaction[], step: Step): void {
    const { patience } = this.#node.settings;
    for (const { id } of transactions) {
      const since = this.#waitsSince.get(nameOf(id)) ?? step.now.monotonic;
      this.#waitsSince.set(nameOf(id), since);
      if (step.now.monotonic >= plus(since, patience)) this.#conclude(id, 'abort', step);
    }
  }
}
