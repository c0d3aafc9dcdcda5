/**
 * Reads from what a node has applied, whoever it is (reads=local). Every node applies the same entries in the same
 * order, so a client that never goes back in that order sees a sequentially consistent store (Attiya & Welch 1994,
 * who call it fast reads): its token is the highest index that its own answers carried, and a node that has not
 * applied so much waits for a while, and then refuses. What others have written lately it may miss.
 */
import { since } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { RaftNode } from './node.ts';

export interface WaitingRead {
  readonly request: RequestId;
  readonly key: string;
  /** The state must be applied up to here. */
  readonly after: number;
  readonly until: Instant;
}

export function onLocalRead(node: RaftNode, request: RequestId, key: string, after: number): void {
  const isFresh = node.applied >= after || node.settings.mistakes.has('drop-session-token');
  if (isFresh) return node.answer(request, node.stateMachine.read(key));
  node.waiting.push({ request, key, after, until: (node.now + node.settings.electionMin) as Instant });
  if (node.waiting.length === 1) node.effects.setTimer('reads', node.settings.electionMin);
}

/** To be called when more has been applied. */
export function answerWaiting(node: RaftNode): void {
  if (node.waiting.length === 0) return;
  const ready = node.waiting.filter(({ after }) => after <= node.applied);
  if (ready.length === 0) return;
  node.waiting = node.waiting.filter(({ after }) => after > node.applied);
  for (const { request, key } of ready) node.answer(request, node.stateMachine.read(key));
}

/** Refuses who has waited long enough: such a client is better served by another node. */
export function onReadsTimer(node: RaftNode): void {
  const overdue = node.waiting.filter(({ until }) => until <= node.now);
  node.waiting = node.waiting.filter(({ until }) => until > node.now);
  for (const { request, after } of overdue)
    node.effects.reply(
      request,
      errorBody(codes.temporarilyUnavailable, `${node.self} has applied ${node.applied} and not yet ${after}`),
    );
  const [next] = node.waiting;
  if (next !== undefined) node.effects.setTimer('reads', since(node.now, next.until));
}
