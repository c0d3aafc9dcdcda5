/**
 * A coordinator carries out a request in rounds: it asks all N replicas, itself among them, and goes on when enough
 * have answered. Whoever is silent is asked again, until the coordinator gives up; a round that is over stays open as
 * long, for what comes late.
 *
 * A write takes two rounds (Lynch & Shvartsman 1997, after Attiya, Bar-Noy & Dolev 1995). `stamp` finds the newest
 * version of R replicas and hands the client a stamp above it; nothing changes, so it may be asked for again. `write`
 * brings the client's version, with that stamp, to W replicas. The coordinator never stamps it anew: however many
 * coordinators the client has to try, and however late one of them stores, it is one and the same version.
 *
 * A read takes the newest version of R replicas and, before it answers, writes it back to as many that W hold it. By
 * that no later read can miss it: R > N - W, so that R replicas always meet W. Where W hold it already, as the answers
 * show, there is nothing to do.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { plus } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, ResponseBody } from '../../src/protocol/wire.ts';
import type { QueryReply, Round, StoreReply, Version } from './dialect.ts';
import type { QuorumNode, Step } from './node.ts';
import { compare, isNewer } from './stamps.ts';
import type { Stamp } from './stamps.ts';

interface QueryRound {
  readonly kind: 'query';
  readonly purpose: 'read' | 'stamp';
  readonly request: RequestId;
  readonly key: string;
  readonly answers: Map<NodeId, Version | null>;
  isOver: boolean;
  readonly expires: Instant;
}

interface StoreRound {
  readonly kind: 'store';
  readonly request: RequestId;
  /** What the client is told when enough replicas hold the version, and when they do not in time. */
  readonly answer: ResponseBody;
  readonly failure: ErrorBody;
  readonly version: Version;
  readonly holders: Set<NodeId>;
  readonly needed: number;
  isOver: boolean;
  readonly expires: Instant;
}

type Storing = Pick<StoreRound, 'request' | 'answer' | 'failure' | 'version' | 'holders' | 'needed'>;

export class Coordinator {
  readonly #node: QuorumNode;
  readonly #rounds = new Map<Round, QueryRound | StoreRound>();
  #resends = false;

  constructor(node: QuorumNode) {
    this.#node = node;
  }

  get roundCount(): number {
    return this.#rounds.size;
  }

  onStamp(request: RequestId, key: string, step: Step): void {
    const { settings } = this.#node;
    if (settings.versions === 'stamp' && !settings.mistakes.has('wall-clock-versions'))
      return this.#query('stamp', request, key, step);
    const stamp = this.#stamp(Math.floor(step.now.wall));
    step.effects.reply(request, stampBody(stamp));
  }

  onRead(request: RequestId, key: string, step: Step): void {
    this.#query('read', request, key, step);
  }

  onWrite(request: RequestId, version: Version, step: Step): void {
    const { settings, self } = this.#node;
    const needed = settings.mistakes.has('ack-before-quorum') ? 1 : settings.w;
    const failure = errorBody(codes.timeout, `${needed} replicas did not store it in time; some may have, or will yet`);
    const holders = new Set([self]);
    this.#node.replica.take(version, step.effects);
    this.#store({ request, answer: { type: 'write_ok' }, failure, version, holders, needed }, step);
  }

  onQueryReply(from: NodeId, { round, version }: QueryReply, step: Step): void {
    const query = this.#rounds.get(round);
    if (query?.kind === 'query') this.#hear(round, query, from, version, step);
  }

  onStoreReply(from: NodeId, { round }: StoreReply, step: Step): void {
    const store = this.#rounds.get(round);
    if (store?.kind === 'store') this.#count(round, store, from, step);
  }

  /** Asks again, and gives up what has taken too long. */
  onTimer(step: Step): void {
    this.#resends = false;
    for (const [name, round] of this.#rounds) {
      if (step.now.monotonic >= round.expires) this.#giveUp(name, round, step);
      else this.#ask(name, round, step);
    }
    this.#resendLater(step);
  }

  #query(purpose: QueryRound['purpose'], request: RequestId, key: string, step: Step): void {
    const expires = plus(step.now.monotonic, this.#node.settings.patience);
    const query: QueryRound = { kind: 'query', purpose, request, key, answers: new Map(), isOver: false, expires };
    const name = this.#begin(query, step);
    this.#hear(name, query, this.#node.self, this.#node.replica.versionOf(key), step);
  }

  #store(storing: Storing, step: Step): void {
    const expires = plus(step.now.monotonic, this.#node.settings.patience);
    const store: StoreRound = { kind: 'store', ...storing, isOver: false, expires };
    const name = this.#begin(store, step);
    this.#count(name, store, this.#node.self, step);
  }

  #begin(round: QueryRound | StoreRound, step: Step): Round {
    const name = this.#node.nextName();
    this.#rounds.set(name, round);
    this.#ask(name, round, step);
    this.#resendLater(step);
    return name;
  }

  /** Asks all that have not answered. A query that is over has what it needs; a version is meant for every replica. */
  #ask(name: Round, round: QueryRound | StoreRound, { effects }: Step): void {
    if (round.kind === 'query' && round.isOver) return;
    for (const peer of this.#node.peers)
      if (round.kind === 'store' && !round.holders.has(peer))
        effects.send(peer, { type: 'store', round: name, version: round.version });
      else if (round.kind === 'query' && !round.answers.has(peer))
        effects.send(peer, { type: 'query', round: name, key: round.key });
  }

  #resendLater({ effects }: Step): void {
    if (this.#resends || this.#rounds.size === 0) return;
    this.#resends = true;
    effects.setTimer('resend', this.#node.settings.resend);
  }

  #hear(name: Round, query: QueryRound, from: NodeId, version: Version | null, step: Step): void {
    const { n, r, w, mistakes } = this.#node.settings;
    query.answers.set(from, version);
    if (query.answers.size === n) this.#rounds.delete(name);
    const needed = mistakes.has('stale-quorum') ? Math.max(1, n - w) : r;
    if (query.isOver) return this.#repair(query, step);
    if (query.answers.size < needed) return;
    query.isOver = true;
    if (query.purpose === 'stamp') this.#answerStamp(query, step);
    else this.#answerRead(query, step);
  }

  #answerStamp({ request, answers }: QueryRound, { effects }: Step): void {
    const newest = newestOf(answers);
    effects.reply(request, stampBody(this.#stamp((newest?.stamp.counter ?? 0) + 1)));
  }

  #answerRead(query: QueryRound, step: Step): void {
    const { request, key, answers } = query;
    const { w, writeBack, mistakes } = this.#node.settings;
    const version = newestOf(answers);
    if (version === null)
      return step.effects.reply(request, errorBody(codes.keyDoesNotExist, `${key} has not been written`));
    const answer = { type: 'read_ok', value: version.value };
    const holders = holdersOf(version, answers);
    if (holders.size >= w || !writeBack || mistakes.has('no-write-back')) {
      step.effects.reply(request, answer);
      return this.#repair(query, step);
    }
    // Definite: the read itself has no effect. What it writes back is the effect of a write that was there before.
    const failure = errorBody(codes.temporarilyUnavailable, `${w} replicas did not store in time what was read`);
    if (!holders.has(this.#node.self)) this.#node.replica.take(version, step.effects);
    this.#store({ request, answer, failure, version, holders, needed: w }, step);
  }

  /** Read repair (Dynamo, 5): whoever has shown an older version is sent the newest. */
  #repair({ purpose, answers }: QueryRound, { effects }: Step): void {
    const version = newestOf(answers);
    if (purpose !== 'read' || version === null || !this.#node.settings.readRepair) return;
    const holders = holdersOf(version, answers);
    if (!holders.has(this.#node.self)) this.#node.replica.takeRepair(version, effects);
    for (const peer of this.#node.peers)
      if (answers.has(peer) && !holders.has(peer))
        effects.send(peer, { type: 'push', versions: [version], wanted: [] });
  }

  #count(name: Round, store: StoreRound, from: NodeId, { effects }: Step): void {
    store.holders.add(from);
    if (store.holders.size === this.#node.settings.n) this.#rounds.delete(name);
    if (store.isOver || store.holders.size < store.needed) return;
    store.isOver = true;
    effects.reply(store.request, store.answer);
  }

  /** Those that have not stored the version are left hints. These never count towards W: it holds for real replicas. */
  #giveUp(name: Round, round: QueryRound | StoreRound, { effects }: Step): void {
    const { peers, replica, settings } = this.#node;
    this.#rounds.delete(name);
    if (!round.isOver) effects.reply(round.request, round.kind === 'store' ? round.failure : noQuorum(settings.r));
    if (round.kind === 'query' || !settings.handoff) return;
    for (const peer of peers) if (!round.holders.has(peer)) replica.hint(peer, round.version, effects);
  }

  #stamp(counter: number): Stamp {
    const { self, settings } = this.#node;
    return { counter, id: settings.mistakes.has('reused-stamp') ? self : `${self}.${this.#node.nextName()}` };
  }
}

/** Definite: nothing was stored for this request, and nothing will be. */
const noQuorum = (r: number): ErrorBody =>
  errorBody(codes.temporarilyUnavailable, `Fewer than ${r} replicas answered in time`);

const stampBody = ({ counter, id }: Stamp): ResponseBody => ({ type: 'stamp_ok', stamp: { counter, id } });

const newestOf = (answers: ReadonlyMap<NodeId, Version | null>): Version | null =>
  [...answers.values()].reduce((newest, version) => (isNewer(version, newest) ? version : newest), null);

const holdersOf = (version: Version, answers: ReadonlyMap<NodeId, Version | null>): Set<NodeId> =>
  new Set(
    [...answers].flatMap(([node, held]) => (held !== null && compare(held.stamp, version.stamp) === 0 ? node : [])),
  );
