/**
 * Reads (Terrace & Freedman 2009, section 2.3). A node answers a clean key by itself: had a newer version been committed,
 * it would have passed here on its way to the tail, since the lease says that the chain is still this one. Of a dirty
 * key it asks the tail how far it is, and answers the newest version up to there, which the tail held at a moment after
 * the read arrived. With reads=tail the tail alone answers; with reads=eventual everybody does, from its newest version.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import { commitTo, settleTail } from './commitment.ts';
import { tailOf } from './configuration.ts';
import type { VersionQuery, VersionReply } from './dialect.ts';
import type { CraqNode } from './node.ts';
import type { Version } from './versions.ts';

export interface PendingRead {
  readonly request: RequestId;
  readonly key: string;
  /** How many beats it has waited. */
  beats: number;
}

/** How reads were answered, in this life. */
export interface ReadCounts {
  readsAtTail: number;
  readsClean: number;
  readsAsked: number;
}

export const newCounts = (): ReadCounts => ({ readsAtTail: 0, readsClean: 0, readsAsked: 0 });

/** For the report: how many reads the tail was not asked for, which is what apportioning is about. */
export function readFigures(counters: { readonly [name: string]: number }): readonly string[] {
  const { readsAtTail = 0, readsClean = 0, readsAsked = 0 } = counters;
  const all = readsAtTail + readsClean + readsAsked;
  if (all === 0) return [];
  const share = (count: number): string => `${((100 * count) / all).toFixed(1)}%`;
  return [
    `Of ${all} reads ${share(readsAtTail)} were answered at the tail, ${share(readsClean)} elsewhere without asking it, ` +
      `and ${share(readsAsked)} elsewhere after asking it.`,
  ];
}

/** Beyond so many reads that wait for the tail, a node refuses more. */
const mostPending = 1000;

export function onRead(node: CraqNode, request: RequestId, key: string): void {
  const { store, settings, counts } = node;
  if (settings.reads === 'eventual') return answer(node, request, key, store.newest(key));
  const tail = tailOf(node.configuration);
  if (!node.mayServe) return node.refuse(request, `${node.self} may not serve now`, tail);
  if (node.isTail) {
    settleTail(node);
    counts.readsAtTail++;
    return answer(node, request, key, store.asOf(key, store.committed));
  }
  if (settings.reads === 'tail') return node.refuse(request, `${tail} is the tail`, tail);
  if (!store.isDirty(key) || settings.mistakes.has('serve-dirty')) {
    counts.readsClean++;
    return answer(node, request, key, store.newest(key));
  }
  if (node.reads.size >= mostPending) return node.refuse(request, 'Too many reads wait for the tail', tail);
  const number = ++node.readsAsked;
  node.reads.set(number, { request, key, beats: 0 });
  ask(node, number);
}

export function onVersionQuery(node: CraqNode, from: NodeId, { epoch, life, number }: VersionQuery): void {
  const mayTell = node.isTail || node.settings.mistakes.has('version-query-to-neighbour');
  if (epoch !== node.epoch || !mayTell || !node.mayServe) return;
  settleTail(node);
  node.send(from, { type: 'version-reply', epoch, life, number, committed: node.store.committed });
}

export function onVersionReply(node: CraqNode, { epoch, life, number, committed }: VersionReply): void {
  const pending = node.reads.get(number);
  if (pending === undefined || epoch !== node.epoch || life !== node.life || committed > node.store.last) return;
  node.reads.delete(number);
  node.counts.readsAsked++;
  // What is newer than the tail's answer was not committed when the tail gave it.
  answer(node, pending.request, pending.key, node.store.asOf(pending.key, Math.max(committed, node.store.committed)));
  commitTo(node, committed);
}

/** To be called at every beat: a question or its answer may be lost. */
export function readsOnBeat(node: CraqNode): void {
  for (const [number, read] of node.reads) {
    if (++read.beats > node.settings.patience) {
      node.reads.delete(number);
      node.refuse(read.request, 'The tail does not answer', tailOf(node.configuration));
    } else ask(node, number);
  }
}

export function refuseReads(node: CraqNode, why: string): void {
  for (const { request } of node.reads.values()) node.refuse(request, why, tailOf(node.configuration));
  node.reads.clear();
}

function ask(node: CraqNode, number: number): void {
  const { epoch, life, configuration, settings, successor } = node;
  const tail = tailOf(configuration);
  const whom = settings.mistakes.has('version-query-to-neighbour') ? (successor ?? tail) : tail;
  node.send(whom, { type: 'version-query', epoch, life, number });
}

function answer(node: CraqNode, request: RequestId, key: string, version: Version | null): void {
  node.effects.reply(request, responseOf(key, version));
}

const responseOf = (key: string, version: Version | null): ResponseBody =>
  version === null
    ? errorBody(codes.keyDoesNotExist, `Key ${key} does not exist`)
    : { type: 'read_ok', value: version.value };
