/**
 * Who decides about the chain: the node that leads the configuration service (the master of van Renesse & Schneider 2004,
 * section 3, and the coordination service of Terrace & Freedman 2009, section 4). It hears from every node, takes out of
 * the chain who is silent or is missed by its predecessor, lets those join who have caught up, and grants leases.
 *
 * A lease is an answer to a linearizable read of the configuration: by Raft's ReadIndex no other leader was elected
 * before the question was asked. So whoever leads later took office after it; and whoever leads and has seen a new epoch
 * committed has granted nothing for an earlier one since. A new epoch is made active, which is what lets its members have
 * leases, only when the later of these two moments lies a whole lease back, and what clocks may drift; or when everybody
 * who could still hold an earlier lease has said that it has moved on.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Instant, Now } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { RequestBody, ResponseBody } from '../../src/protocol/wire.ts';
import { activated, initialConfiguration, isMember, leastLength, neighbourOf, succession } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import type { Renew } from './dialect.ts';
import type { CraqNode } from './node.ts';
import type { ChangeType } from './requests.ts';
import { configurationKey } from './service.ts';
import type { ConfigurationService } from './service.ts';

/** What the keeper knows only in one term of its office. */
interface Office {
  readonly term: number;
  readonly since: Instant;
  /** Of the service, opened in this term: by then everything of earlier terms is applied here. */
  session: number | null;
  sequence: number;
  /** One question about the configuration at a time. */
  isBusy: boolean;
  /** Beats since a node was heard. */
  readonly silence: Map<NodeId, number>;
  /** The latest that each node has said. */
  readonly heard: Map<NodeId, Renew>;
  readonly changes: PendingChange[];
}

/** What an operator has asked for. */
interface PendingChange {
  readonly request: RequestId;
  readonly type: ChangeType;
  readonly node: NodeId;
  beats: number;
}

const mostChanges = 16;

/** After so many beats an operator is told that it takes too long. */
const changeLimit = 100;

export class Keeper {
  readonly #node: CraqNode;
  readonly #service: ConfigurationService;
  readonly #members: readonly NodeId[];
  #office: Office | null = null;
  /** The epoch that was seen last, and since when. */
  #seen: { readonly epoch: number; readonly at: Instant } | null = null;
  #announced = 0;
  #now: Now;

  constructor(now: Now, node: CraqNode, service: ConfigurationService, members: readonly NodeId[]) {
    this.#now = now;
    this.#node = node;
    this.#service = service;
    this.#members = members;
  }

  /** Begins a step. */
  enter(now: Now): void {
    this.#now = now;
  }

  onBeat(): void {
    const office = this.#office;
    if (office === null) return;
    for (const node of this.#node.nodes) office.silence.set(node, (office.silence.get(node) ?? 0) + 1);
    office.silence.set(this.#node.self, 0);
    for (const change of office.changes) change.beats++;
    this.#answerChanges(office);
  }

  onRenew(from: NodeId, renew: Renew): void {
    const office = this.#office;
    if (office === null) return;
    office.silence.set(from, 0);
    office.heard.set(from, renew);
    const { life, number } = renew;
    this.#service.ask(this.#now, { type: 'read', key: configurationKey }, ({ type, value }) => {
      if (type !== 'read_ok') return;
      this.#node.send(from, { type: 'grant', life, number, configuration: value as Configuration });
    });
  }

  onChange(request: RequestId, type: ChangeType, node: NodeId): void {
    const office = this.#office;
    const { leader } = this.#service;
    if (office === null)
      return this.#node.refuse(request, 'This node does not keep the chain', leader ?? this.#node.self);
    if (office.changes.length >= mostChanges) return this.#node.refuse(request, 'Too many changes', this.#node.self);
    this.#overtake(office, type, node);
    office.changes.push({ request, type, node, beats: 0 });
    this.#answerChanges(office);
  }

  /** An earlier wish that still waits would undo the later one when it comes true. */
  #overtake(office: Office, type: ChangeType, node: NodeId): void {
    const isOvertaken = (change: PendingChange): boolean => change.node === node && change.type !== type;
    for (const { request } of office.changes.filter(isOvertaken))
      this.#node.effects.reply(request, errorBody(codes.crash, `${type} was asked for since, and this may happen yet`));
    const left = office.changes.filter((change) => !isOvertaken(change));
    office.changes.splice(0, office.changes.length, ...left);
  }

  /** To be called at the end of every step. Returns what is applied here. */
  settle(): Configuration | null {
    this.#lookAtOffice();
    const { applied } = this.#service;
    if (applied !== null && applied.epoch !== this.#seen?.epoch)
      this.#seen = { epoch: applied.epoch, at: this.#now.monotonic };
    const office = this.#office;
    if (office !== null) {
      if (applied !== null && applied.revision > this.#announced) this.#announce(applied);
      this.#answerChanges(office);
      this.#act(office);
    }
    return applied;
  }

  #lookAtOffice(): void {
    const term = this.#service.office;
    if (term === (this.#office?.term ?? null)) return;
    for (const { request } of this.#office?.changes ?? [])
      this.#node.effects.reply(request, errorBody(codes.crash, 'The keeper of the chain has changed'));
    this.#office = term === null ? null : newOffice(term, this.#now.monotonic);
    this.#announced = 0;
  }

  #announce(configuration: Configuration): void {
    this.#announced = configuration.revision;
    for (const to of this.#node.nodes)
      if (to !== this.#node.self) this.#node.send(to, { type: 'announce', configuration });
  }

  /** Does the next thing that there is to do, if nothing is under way. */
  #act(office: Office): void {
    if (office.isBusy) return;
    const { session } = office;
    if (session === null) {
      return this.#ask(office, { type: 'open_session' }, (response) => {
        if (typeof response['session'] === 'number') office.session = response['session'];
      });
    }
    const { applied } = this.#service;
    if (applied === null) return this.#write(office, session, null, initialConfiguration(this.#members));
    const next = this.#nextOf(office, applied);
    if (next !== null) this.#write(office, session, applied, next);
  }

  #write(office: Office, session: number, from: Configuration | null, to: Configuration): void {
    const sequence = ++office.sequence;
    const common = { key: configurationKey, session, sequence };
    const body = from === null ? { type: 'write', value: to, ...common } : { type: 'cas', from, to, ...common };
    this.#ask(office, body, (response) => {
      if (response['code'] === codes.abort) office.session = null;
    });
  }

  #ask(office: Office, body: RequestBody, then: (response: ResponseBody) => void): void {
    office.isBusy = true;
    this.#service.ask(this.#now, body, (response) => {
      office.isBusy = false;
      then(response);
    });
  }

  #nextOf(office: Office, now: Configuration): Configuration | null {
    const { nodes } = this.#node;
    const least = leastLength(nodes.length);
    const joining = nodes.filter(
      (node) => !isMember(now, node) && !this.#isSilent(office, node) && isReady(office, now, node),
    );
    const silent = now.chain.filter((node) => this.#isSilent(office, node));
    const missed = now.chain.flatMap((node) => this.#missedBy(office, now, node));
    // Those of the last active chain come back only where there is no other way: one that is missed would come and go.
    const returning = now.former.filter((node) => !isMember(now, node) && !this.#isSilent(office, node));
    const losses = [[...silent, ...missed], silent].filter((lost) => lost.length > 0);
    const wishes = [
      ...losses.map((lost) => ({ lost, joining, returning: [] })),
      ...losses.map((lost) => ({ lost, joining, returning })),
      { lost: [], joining, returning: [] },
    ];
    for (const wish of wishes)
      for (const excluded of exclusions(now.excluded, office.changes)) {
        const next = succession(now, { ...wish, excluded }, least);
        if (next !== null) return next;
      }
    return this.#mayActivate(office, now) ? activated(now) : null;
  }

  #isSilent(office: Office, node: NodeId): boolean {
    return (office.silence.get(node) ?? 0) > this.#node.settings.patience;
  }

  /** The successor that a node which is well has not heard for long. */
  #missedBy(office: Office, now: Configuration, node: NodeId): readonly NodeId[] {
    const heard = office.heard.get(node);
    if (heard?.epoch !== now.epoch || this.#isSilent(office, node)) return [];
    const successor = neighbourOf(now, node, 1);
    return heard.missing !== null && heard.missing === successor ? [successor] : [];
  }

  #mayActivate(office: Office, now: Configuration): boolean {
    if (now.active || this.#seen === null) return false;
    if (!now.chain.every((node) => isReady(office, now, node))) return false;
    const mayHoldLease = now.former.filter((node) => (office.heard.get(node)?.epoch ?? 0) < now.epoch);
    const since = Math.max(office.since, this.#seen.at);
    return mayHoldLease.length === 0 || this.#now.monotonic - since >= this.#node.settings.leaseEnds;
  }

  /** Answers operators whose wish has come true, cannot come true, or takes too long. */
  #answerChanges(office: Office): void {
    const { applied } = this.#service;
    if (applied === null || office.changes.length === 0) return;
    // What is under way may undo what holds now.
    const isSettled = office.session !== null && !office.isBusy;
    const left = office.changes.filter((change) => !this.#answer(applied, isSettled, change));
    office.changes.splice(0, office.changes.length, ...left);
  }

  #answer(now: Configuration, isSettled: boolean, { request, type, node, beats }: PendingChange): boolean {
    const isOut = now.excluded.includes(node);
    const isIn = isMember(now, node);
    const { effects } = this.#node;
    if (isSettled && (type === 'remove_node' ? isOut && !isIn : !isOut && isIn))
      effects.reply(request, { type: `${type}_ok`, members: now.chain });
    else if (beats > changeLimit)
      effects.reply(request, errorBody(codes.crash, 'It takes too long, and may happen yet'));
    else return false;
    return true;
  }
}

const newOffice = (term: number, since: Instant): Office => ({
  term,
  since,
  session: null,
  sequence: 0,
  isBusy: false,
  silence: new Map(),
  heard: new Map(),
  changes: [],
});

/** Whether it has said in this epoch that it is current, or that it has caught up. */
function isReady(office: Office, now: Configuration, node: NodeId): boolean {
  const heard = office.heard.get(node);
  return heard?.epoch === now.epoch && heard.isCurrent;
}

/** Who is to stay out: as operators wish, or without those who cannot go yet, which must not keep the others from coming. */
function exclusions(excluded: readonly NodeId[], changes: readonly PendingChange[]): readonly (readonly NodeId[])[] {
  const wished = new Set(excluded);
  for (const { type, node } of changes)
    if (type === 'remove_node') wished.add(node);
    else wished.delete(node);
  return [[...wished], excluded.filter((node) => wished.has(node))];
}
