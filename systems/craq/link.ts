/**
 * How entries go down the chain and acknowledgements up (van Renesse & Schneider 2004, section 3). The log is sent in
 * order, each node takes only the entry that follows what it has, and says how much that is; whatever is lost, doubled or
 * overtaken, the sender goes on behind what was acknowledged. So a new successor gets just what it lacks: it says first
 * what it has.
 *
 * But first it must follow: of what no tail has committed, it may hold entries that a head of an earlier epoch has put
 * there, and that the new head never got. Before it takes anything in, it asks for the outline of its predecessor's log
 * and cuts its own off where they part. Since the predecessor holds all that is committed, nothing of that is cut.
 */
import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import { beginFetch } from './catch-up.ts';
import { acknowledge, commitTo, settleTail } from './commitment.ts';
import type { Acknowledge, Entry, Outline, Update } from './dialect.ts';
import type { CraqNode } from './node.ts';

/** What a node knows of its successor in this epoch. */
export interface Link {
  /** The successor holds everything up to here; null until it has said so. */
  acked: number | null;
  /** What is sent next; what lies between is on its way. */
  next: number;
  /** `acked` as it was at the last beat. */
  ackedBefore: number | null;
  /** The end of what it had when something was last sent again because of a gap. */
  mended: number | null;
  /** How many beats have passed since it was heard. */
  silence: number;
}

export const newLink = (): Link => ({ acked: null, next: 0, ackedBefore: null, mended: null, silence: 0 });

/** How many messages with entries may be on their way. */
const window = 32;

/** Sends what the successor has not been sent yet. */
export function feed(node: CraqNode): void {
  const { link, store, successor, settings } = node;
  if (successor === null || link.acked === null) return;
  while (link.next > store.base && link.next <= store.last) {
    if (link.next - link.acked > window * settings.maxBatch) return;
    const entries = store.slice(link.next, store.last, settings.maxBatch);
    sendUpdate(node, successor, entries);
    link.next = (entries.at(-1)?.seq ?? store.last) + 1;
  }
}

/** To be called at every beat: a sign of life, and once more what was not acknowledged since the last one. */
export function onBeat(node: CraqNode): void {
  const { link } = node;
  if (node.successor === null) return;
  link.silence++;
  const { acked } = link;
  if (acked !== null && acked === link.ackedBefore) link.next = acked + 1;
  link.ackedBefore = acked;
  const mayFeed = acked !== null && link.next > node.store.base && link.next <= node.store.last;
  if (mayFeed) feed(node);
  else greet(node);
}

export function onUpdate(node: CraqNode, from: NodeId, update: Update): void {
  if (update.epoch !== node.epoch || from !== node.predecessor) return;
  const { store } = node;
  if (update.outline?.life === node.life) follow(node, update.outline);
  if (!node.isFollowing) return acknowledge(node);
  takeIn(node, update.entries);
  if (update.isCurrent && store.last >= update.last && !node.isCurrent) becomeCurrent(node);
  if (update.base > store.last) beginFetch(node, from);
  const before = store.committed;
  settleTail(node);
  // What is newly committed has been told with it.
  if (store.committed === before) acknowledge(node, update.entries.length > 0 && update.from > store.last + 1);
  feed(node);
}

export function onAcknowledge(node: CraqNode, from: NodeId, reply: Acknowledge): void {
  const { epoch, have, committed, hasGap, asks } = reply;
  if (epoch !== node.epoch || from !== node.successor) return;
  const { link, store } = node;
  link.silence = 0;
  if (asks !== null) return greet(node, asks);
  if (link.acked === null) {
    link.acked = node.settings.mistakes.has('skip-resend-after-repair') ? store.last : have;
    link.next = link.acked + 1;
    greet(node);
  } else if (have > link.acked) {
    link.acked = have;
    link.next = Math.max(link.next, have + 1);
  }
  // Once for each gap: what was overtaken only may still come, and what is lost again is found at the next beat.
  if (hasGap && have === link.acked && have !== link.mended) {
    link.mended = have;
    link.next = have + 1;
  }
  if (!node.isFollowing) return;
  commitTo(node, committed);
  feed(node);
}

/** This node holds all that was committed before this epoch, which those behind it and the keeper wait to hear. */
function becomeCurrent(node: CraqNode): void {
  node.isCurrent = true;
  node.hasNews = true;
  greet(node);
}

/** A sign of life; to one that asks for it (its life), with the outline of this log, once that is to be followed. */
export function greet(node: CraqNode, asks: number | null = null): void {
  const outline = asks !== null && node.isCurrent ? outlineOf(node, asks) : null;
  if (asks !== null && outline === null) return;
  if (node.successor !== null) sendUpdate(node, node.successor, [], outline);
}

function outlineOf({ store }: CraqNode, life: number): Outline {
  const runs: { epoch: number; until: number }[] = [];
  for (const { seq, epoch } of store.slice(store.committed + 1, store.last, Infinity)) {
    const latest = runs.at(-1);
    if (latest?.epoch === epoch) latest.until = seq;
    else runs.push({ epoch, until: seq });
  }
  return { life, committed: store.committed, runs };
}

/** What this node holds up to the predecessor's committed place is the same there; behind it, as far as the epochs are. */
function follow(node: CraqNode, { committed, runs }: Outline): void {
  if (node.isFollowing) return;
  const { store } = node;
  let agreed = Math.max(committed, store.committed);
  while (agreed < store.last) {
    const epoch = runs.find(({ until }) => until > agreed)?.epoch;
    if (store.entryAt(agreed + 1)?.epoch !== epoch) break;
    agreed++;
  }
  store.cut(agreed, node.effects);
  node.isFollowing = true;
}

function takeIn(node: CraqNode, entries: readonly Entry[]): void {
  const { store } = node;
  const fresh: Entry[] = [];
  let next = store.last + 1;
  for (const entry of entries) {
    const known = store.entryAt(entry.seq);
    invariant(
      known === null || known.epoch === entry.epoch,
      () => `${node.self} holds entry ${entry.seq} of epoch ${known?.epoch}, and is sent one of epoch ${entry.epoch}`,
    );
    if (entry.seq < next) continue;
    if (entry.seq > next && !node.settings.mistakes.has('apply-out-of-order')) break;
    fresh.push(entry);
    next = entry.seq + 1;
  }
  store.append(fresh, node.effects);
}

function sendUpdate(node: CraqNode, to: NodeId, entries: readonly Entry[], outline: Outline | null = null): void {
  const { epoch, store, isCurrent, link } = node;
  const { last, base } = store;
  node.send(to, { type: 'update', epoch, from: link.next, entries, last, base, isCurrent, outline });
}
