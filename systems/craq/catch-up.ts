/**
 * How a node comes to hold what is committed: one that is not in the chain, until it can join at its end; or one that has
 * joined while its predecessor has forgotten what it lacks. It asks for what comes next, one message at a time: entries
 * where they are kept, otherwise a copy of the committed state in parts. What it gets is committed already, so that its log
 * stays a beginning of everybody's.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { acknowledge, commitTo } from './commitment.ts';
import { isOut, tailOf } from './configuration.ts';
import type { Copy, Fetch, Item, Part } from './dialect.ts';
import type { CraqNode } from './node.ts';

export interface Fetching {
  from: NodeId;
  /** How many beats have passed since it answered. */
  silence: number;
  /** What has come of a copy. */
  copy: { readonly seq: number; readonly items: Item[] } | null;
  /** It had all that was known to be committed where it asked. */
  hasCaughtUp: boolean;
}

/** A state that does not change while it is sent. */
export interface FrozenCopy {
  readonly seq: number;
  readonly items: readonly Item[];
}

export const stopFetching = (node: CraqNode): void => {
  node.fetching = null;
};

/** A member lacks what its predecessor has forgotten. */
export function beginFetch(node: CraqNode, from: NodeId): void {
  if (node.fetching !== null) return;
  node.fetching = { from, silence: 0, copy: null, hasCaughtUp: false };
  ask(node, node.fetching);
}

/** To be called at every beat: what was asked or answered may be lost, and whoever is asked may be away. */
export function fetchOnBeat(node: CraqNode): void {
  const { configuration, isMember, self, settings } = node;
  const { chain, excluded } = configuration;
  if (!isMember && (excluded.includes(self) || !isOut(configuration, self))) return stopFetching(node);
  if (!isMember && node.fetching === null)
    node.fetching = { from: tailOf(configuration), silence: 0, copy: null, hasCaughtUp: false };
  const { fetching } = node;
  if (fetching === null) return;
  fetching.silence++;
  if (!isMember && fetching.silence > settings.patience) {
    // The next one towards the head.
    const at = chain.indexOf(fetching.from);
    fetching.from = chain[(at + chain.length - 1) % chain.length] ?? fetching.from;
    fetching.silence = 0;
    fetching.copy = null;
  }
  ask(node, fetching);
}

/** Answers who asks for committed entries, or for a copy. */
export function onFetch(node: CraqNode, from: NodeId, { epoch, have, copy }: Fetch): void {
  if (epoch !== node.epoch || !node.isMember) return;
  const { store, settings } = node;
  if (copy === null && have >= store.base) {
    node.copies.delete(from);
    const { committed } = store;
    const entries = store.slice(have + 1, committed, settings.maxBatch);
    return node.send(from, { type: 'copy', epoch, from: have + 1, entries, committed });
  }
  const known = node.copies.get(from);
  // One that has begun goes on: answers to two questions that cross would make each other begin anew for ever.
  const frozen = known !== undefined && copy !== null ? known : { seq: store.committed, items: store.items() };
  node.copies.set(from, frozen);
  const offset = frozen.seq === copy?.seq ? copy.offset : 0;
  const items = frozen.items.slice(offset, offset + settings.chunk);
  const isLast = offset + items.length >= frozen.items.length;
  node.send(from, { type: 'part', epoch, seq: frozen.seq, offset, items, isLast });
}

export function onCopy(node: CraqNode, from: NodeId, copy: Copy): void {
  const { fetching, store, epoch } = node;
  if (fetching?.from !== from || copy.epoch !== epoch) return;
  fetching.silence = 0;
  const before = store.last;
  const fresh = copy.entries.filter(({ seq }) => seq > before);
  if (fresh.length > 0 && fresh[0]?.seq === before + 1) {
    store.append(fresh, node.effects);
    commitTo(node, store.last);
  }
  goOn(node, fetching, copy.committed, store.last > before);
}

export function onPart(node: CraqNode, from: NodeId, part: Part): void {
  const { fetching, store, epoch } = node;
  if (fetching?.from !== from || part.epoch !== epoch || part.seq <= store.last) return;
  fetching.silence = 0;
  if (fetching.copy?.seq !== part.seq) fetching.copy = { seq: part.seq, items: [] };
  const { items } = fetching.copy;
  if (part.offset !== items.length) return;
  for (const item of part.items) items.push(item);
  if (!part.isLast) return ask(node, fetching);
  fetching.copy = null;
  store.install(part.seq, items, node.effects);
  ask(node, fetching);
}

/** A member goes on with what its predecessor sends; who is to join says that it has caught up. */
function goOn(node: CraqNode, fetching: Fetching, committed: number, hasMore: boolean): void {
  const isAtEnd = node.store.last >= committed;
  if (node.isMember) {
    if (isAtEnd) stopFetching(node);
    else if (hasMore) ask(node, fetching);
    return acknowledge(node);
  }
  if (isAtEnd && !fetching.hasCaughtUp) {
    fetching.hasCaughtUp = true;
    node.hasNews = true;
  }
  if (!isAtEnd && hasMore) ask(node, fetching);
}

function ask(node: CraqNode, fetching: Fetching): void {
  const { epoch, store } = node;
  // Entries that were late may have led beyond it.
  if (fetching.copy !== null && fetching.copy.seq <= store.last) fetching.copy = null;
  const { from, copy } = fetching;
  const begun = copy === null ? null : { seq: copy.seq, offset: copy.items.length };
  node.send(from, { type: 'fetch', epoch, have: store.last, copy: begun });
}
