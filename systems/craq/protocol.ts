/**
 * CRAQ: chain replication (van Renesse & Schneider, "Chain Replication for Supporting High Throughput and Availability",
 * OSDI 2004) whose reads are apportioned to all nodes (Terrace & Freedman, "Object Storage on CRAQ", USENIX ATC 2009).
 * This file hands each input to the room that deals with it: writes.ts, reads.ts, link.ts, catch-up.ts, chain.ts; and
 * those of the configuration to service.ts and keeper.ts.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Inspection } from '../../src/core/inspection.ts';
import type { Json } from '../../src/core/json.ts';
import type { Now } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type {
  Dialect,
  Effects,
  Input,
  Machine,
  NodeContext,
  Protocol,
  RequestId,
} from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { RequestBody } from '../../src/protocol/wire.ts';
import type { RaftDialect } from '../raft/dialect.ts';
import { fetchOnBeat, onCopy, onFetch, onPart } from './catch-up.ts';
import { adopt, beginEpoch } from './chain.ts';
import { settleTail } from './commitment.ts';
import type { CraqDialect, CraqMessage, CraqRecord, Grant } from './dialect.ts';
import { Keeper } from './keeper.ts';
import { feed, onAcknowledge, onBeat, onUpdate } from './link.ts';
import { CraqNode } from './node.ts';
import { onRead, onVersionQuery, onVersionReply, readsOnBeat } from './reads.ts';
import { parse } from './requests.ts';
import { ConfigurationService } from './service.ts';
import { onOpenSession, onOperation } from './writes.ts';

export const craqProtocol: Protocol<CraqDialect> = {
  name: 'craq',
  start: (now, context, records, effects) => new CraqMachine(now, context, records, effects),
};

/** Exported for tests, which look at its node. */
export class CraqMachine implements Machine<CraqDialect> {
  readonly node: CraqNode;
  readonly #service: ConfigurationService;
  readonly #keeper: Keeper;

  constructor(now: Now, context: NodeContext, records: Iterable<CraqRecord>, effects: Effects<CraqDialect>) {
    this.node = new CraqNode(now, context, records, effects);
    this.#service = new ConfigurationService(now, context, effects);
    this.#keeper = new Keeper(now, this.node, this.#service, context.members);
    beginEpoch(this.node);
    effects.setTimer('tick', this.node.settings.beat);
  }

  step(now: Now, input: Input<CraqDialect>, effects: Effects<CraqDialect>): void {
    this.node.enter(now, effects);
    this.#keeper.enter(now);
    if (input.kind === 'message') this.#onMessage(input.from, input.message);
    else if (input.kind === 'request') this.#onRequest(input.id, input.body);
    else if (input.kind === 'timer') this.#onBeat();
    else this.#onScoped(now, input.input);
    this.#settle();
  }

  inspect(): Inspection {
    return { ...this.node.inspect(), keeper: this.#service.leader };
  }

  /** What is known to be committed. */
  peek(key: string): Json {
    const { store } = this.node;
    return store.asOf(key, store.committed)?.value ?? null;
  }

  #onScoped(now: Now, input: Input<Dialect>): void {
    if (input.kind !== 'request') return this.#service.step(now, input as Input<RaftDialect>);
    const text = 'The configuration is changed by remove_node and add_node only';
    this.node.effects.reply(input.id, errorBody(codes.notSupported, text));
  }

  #onBeat(): void {
    const { node } = this;
    node.effects.setTimer('tick', node.settings.beat);
    this.#keeper.onBeat();
    onBeat(node);
    fetchOnBeat(node);
    readsOnBeat(node);
    node.hasNews = true;
  }

  #onRequest(id: RequestId, body: RequestBody): void {
    const wish = parse(this.node.nodes, body);
    if ('code' in wish) return this.node.effects.reply(id, wish);
    switch (wish.kind) {
      case 'read':
        return onRead(this.node, id, wish.key);
      case 'open-session':
        return onOpenSession(this.node, id);
      case 'operation':
        return onOperation(this.node, id, wish.operation);
      case 'change':
        return this.#keeper.onChange(id, wish.type, wish.node);
    }
  }

  #onMessage(from: NodeId, message: CraqMessage): void {
    const { node } = this;
    switch (message.type) {
      case 'update':
        return onUpdate(node, from, message);
      case 'acknowledge':
        return onAcknowledge(node, from, message);
      case 'version-query':
        return onVersionQuery(node, from, message);
      case 'version-reply':
        return onVersionReply(node, message);
      case 'renew':
        return this.#keeper.onRenew(from, message);
      case 'grant':
        return onGrant(node, message);
      case 'announce':
        return adopt(node, message.configuration);
      case 'fetch':
        return onFetch(node, from, message);
      case 'copy':
        onCopy(node, from, message);
        return feed(node);
      case 'part':
        return onPart(node, from, message);
    }
  }

  /** What follows from the step: the configuration may have changed, the keeper may have something to do. */
  #settle(): void {
    const { node } = this;
    for (;;) {
      const applied = this.#keeper.settle();
      if (applied !== null) adopt(node, applied);
      const said = node.toSelf.shift();
      if (said !== undefined) this.#onMessage(node.self, said);
      else if (node.hasNews) this.#renew();
      else return;
    }
  }

  #renew(): void {
    const { node } = this;
    node.hasNews = false;
    const { leader } = this.#service;
    if (leader === null) return;
    const { life, epoch, now, settings, link, successor } = node;
    const number = node.lease.ask(now);
    const isCurrent = node.isMember ? node.isCurrent : node.fetching?.hasCaughtUp === true;
    const missing = link.silence > settings.patience ? successor : null;
    node.send(leader, { type: 'renew', life, number, epoch, isCurrent, missing });
  }
}

/** A lease holds for the present epoch only, and for the life that asked. */
function onGrant(node: CraqNode, { life, number, configuration }: Grant): void {
  adopt(node, configuration);
  if (life !== node.life || configuration.epoch !== node.epoch || !configuration.active || !node.isMember) return;
  node.lease.extend(number);
  settleTail(node);
}
