/** The safety properties of Raft (paper, figure 3), looked at from within, and the history held against the log. */
import { invariant } from '../../../src/core/errors.ts';
import type { CasResult, Value } from 'knossos-ts';
import type { Json } from '../../../src/core/json.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Entry } from '../dialect.ts';
import type { RaftNode } from '../node.ts';
import type { Event } from './chaos-client.ts';
import { changesOf } from './replica.ts';
import type { Change } from './replica.ts';

export class Invariants {
  /** What is known to be committed, from index 1 on. */
  readonly committed: Entry[] = [];
  readonly #leaders = new Map<number, NodeId>();
  /** By life of a node. */
  readonly #applied = new WeakMap<RaftNode, number>();

  get terms(): number {
    return this.#leaders.size;
  }

  /** To be called after every step of a node. */
  check(node: RaftNode): void {
    this.#onlyForward(node);
    this.#stateMachineSafety(node);
    if (node.role.kind !== 'leader' || this.#leaders.get(node.term) === node.self) return;
    const other = this.#leaders.get(node.term);
    invariant(other === undefined, () => `Election Safety: ${other} and ${node.self} both lead term ${node.term}`);
    this.#leaders.set(node.term, node.self);
    for (const [at, entry] of this.committed.entries())
      invariant(
        at + 1 <= node.log.base || node.log.termAt(at + 1) === entry.term,
        () => `Leader Completeness: ${node.self} leads term ${node.term} without committed entry ${at + 1}`,
      );
  }

  /** Log Matching: where two logs agree in a term, they agree in everything up to there. */
  checkLogs(nodes: readonly RaftNode[]): void {
    for (const one of nodes)
      for (const other of nodes) {
        let agree = false;
        const base = Math.max(one.log.base, other.log.base);
        for (let index = Math.min(one.log.lastIndex, other.log.lastIndex); index > base; index--) {
          agree ||= one.log.termAt(index) === other.log.termAt(index);
          const same = JSON.stringify(one.log.at(index)) === JSON.stringify(other.log.at(index));
          invariant(!agree || same, () => `Log Matching: ${one.self} and ${other.self} differ at ${index}`);
        }
      }
  }

  /** Terms never fall along a log, nor does within a life what is applied. */
  #onlyForward(node: RaftNode): void {
    const { log, self, applied } = node;
    for (let index = log.base + 1; index <= log.lastIndex; index++) {
      const [before, term] = [log.termAt(index - 1) as number, log.at(index).term];
      invariant(
        before <= term,
        () => `${self} holds an entry of term ${term} at ${index}, after one of term ${before}`,
      );
    }
    const last = log.lastTerm;
    invariant(last <= node.term, () => `${self} is in term ${node.term} and holds an entry of term ${last}`);
    const earlier = this.#applied.get(node) ?? 0;
    invariant(earlier <= applied, () => `${self} had applied ${earlier}, and now only ${applied}`);
    this.#applied.set(node, applied);
  }

  #stateMachineSafety(node: RaftNode): void {
    for (let index = this.committed.length + 1; index <= node.commit; index++) this.committed.push(node.log.at(index));
    const known = this.committed[node.commit - 1];
    // By Log Matching the same term means the same log up to there.
    invariant(
      known === undefined || node.log.termAt(node.commit) === known.term,
      () => `State Machine Safety: ${node.self} committed another entry at ${node.commit}`,
    );
  }
}

/**
 * Whether the history is linearizable with the committed log as the order of its writes; or sequential, where only the
 * operations of one process are in an order. Every value is written once, so that a write and the interval in which
 * its value stood are known by the value. Returns what is wrong, or null.
 */
export function contradiction(
  committed: readonly Entry[],
  maxSessions: number,
  events: readonly Event[],
  model: 'linearizable' | 'sequential' = 'linearizable',
): string | null {
  const changes = changesOf(committed, maxSessions);
  const points = events.flatMap((event) => pointsOf(event, changes));
  for (const point of points) if (typeof point === 'string') return point;
  const spans = points.filter((point) => typeof point !== 'string');
  for (const later of spans)
    for (const earlier of spans)
      if (
        earlier.returned < later.invoked &&
        earlier.from >= later.until &&
        (model === 'linearizable' || earlier.process === later.process)
      )
        return `${later.text} took effect before index ${later.until}, after ${earlier.text} had at index ${earlier.from}`;
  return null;
}

/** An operation took effect somewhere in [from, until) of the log. */
interface Span {
  readonly process: number;
  readonly text: string;
  readonly invoked: number;
  readonly returned: number;
  readonly from: number;
  readonly until: number;
}

function pointsOf(
  { process, call, invoked, returned, outcome }: Event,
  changes: ReadonlyMap<string, Change[]>,
): (Span | string)[] {
  const text = `${JSON.stringify(call)} -> ${JSON.stringify(outcome)}`;
  const ofKey = changes.get(call.key) ?? [];
  const own = call.f === 'cas' ? (call.value as readonly Json[])[1] : call.value;
  const effects = call.f === 'read' ? [] : ofKey.filter(({ value }) => value === own);
  if (effects.length > 1) return [`${text} took effect twice`];
  if (outcome?.type === 'fail' && effects.length > 0) return [`${text} took effect`];
  if (outcome?.type !== 'ok' || returned === null) return [];
  const isChange = call.f === 'write' || (call.f === 'cas' && (outcome.value as CasResult).swapped);
  if (isChange && effects.length === 0) return [`${text} never took effect`];
  if (!isChange && effects.length > 0) return [`${text} took effect`];
  const seen = isChange ? own : call.f === 'read' ? outcome.value : currentOf(outcome.value as CasResult);
  const at = ofKey.findIndex(({ value }) => value === seen);
  if (at === -1 && seen !== null) return [`${text} saw what nobody wrote`];
  const from = ofKey[at]?.index ?? 0;
  const until = isChange ? from + 1 : (ofKey[at + 1]?.index ?? Infinity);
  return [{ process, text, invoked, returned, from, until }];
}

const currentOf = (result: CasResult): Value => (result.swapped ? null : (result.current ?? null));
