/**
 * What an environment can break. A fault is begun under an id and ended by it; both answer, within a deadline, with a
 * proof that was observed (a probe that the link dropped, a process that is gone), or with the reason why not.
 * Faults may overlap: a link is cut, a node down or paused while any fault that says so has not ended.
 */
import type { NodeId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { Duration } from '../core/time.ts';
import type { Inspection } from '../core/inspection.ts';

/** Frames from the first to the second; the other direction is a link of its own. */
export type Link = readonly [from: NodeId, to: NodeId];

export type Fault =
  | { readonly kind: 'partition'; readonly cut: readonly Link[] }
  | { readonly kind: 'kill'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'pause'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'clock'; readonly nodes: readonly NodeId[]; readonly skew: ClockSkew }
  | { readonly kind: 'packets'; readonly links: readonly Link[]; readonly weather: PacketWeather }
  | { readonly kind: 'disk'; readonly nodes: readonly NodeId[]; readonly trouble: DiskTrouble }
  /**
   * Takes the node out of the cluster's configuration; its end takes it in again. With `leads`, the node takes the
   * leadership over instead, and there is nothing to undo. Asked of the system itself.
   */
  | { readonly kind: 'membership'; readonly node: NodeId; readonly leads?: true };

/**
 * `bump` steps the wall clock once; `strobe` steps it to and fro; `rewind` sets it back by so much again and again, until
 * its end sets it right; `drift` lets both clocks run faster or slower, or the wall clock alone where no other is in reach.
 */
export type ClockSkew =
  | { readonly type: 'bump'; readonly by: Duration }
  | { readonly type: 'strobe'; readonly by: Duration; readonly period: Duration }
  | { readonly type: 'rewind'; readonly by: Duration; readonly period: Duration }
  /** A share: 0.01 is a clock that gains 1%, -0.01 one that loses 1%. */
  | { readonly type: 'drift'; readonly rate: number };

/** What befalls frames, besides the ordinary weather. Shares are from 0 to 1. */
export type PacketWeather =
  | { readonly type: 'delay'; readonly delay: Duration; readonly jitter: Duration }
  | { readonly type: 'loss'; readonly share: number }
  | { readonly type: 'duplicate'; readonly share: number }
  /** Frames are held for up to `within`, each by itself, so that they overtake one another. */
  | { readonly type: 'reorder'; readonly share: number; readonly within: Duration }
  /** Frames are held until the fault ends, and are then let go all at once. */
  | { readonly type: 'hold' }
  /** A link carries only so many bytes a second; what is more waits. */
  | { readonly type: 'rate'; readonly bytesPerSecond: number };

/**
 * `torn`: the node is killed in the midst of a write, whose last record is torn, and starts again when the fault ends.
 * `slow`: every sync takes so long. `sync-error`: the next write fails, which is fatal to the node; it starts again when
 * the fault ends. `full`: every write fails until the fault ends, which is fatal each time; the node is started again
 * each time.
 */
export type DiskTrouble =
  | { readonly type: 'torn' }
  | { readonly type: 'slow'; readonly sync: Duration }
  | { readonly type: 'sync-error' }
  | { readonly type: 'full' };

export type FaultKind = Fault['kind'];

/** A part of a kind that an environment, or a system, may lack although it knows the kind. */
export type FaultVariety = `packets:${PacketWeather['type']}` | 'partition:one-way' | 'membership:transfer';

export type FaultId = number;

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export type Done<T> = (answer: Answer<T>) => void;

export interface Faults {
  readonly kinds: ReadonlySet<FaultKind>;
  /** Answers with the proof that the fault took effect, in words for a person. */
  begin(id: FaultId, fault: Fault, done: Done<string>): void;
  /** Undoes the fault and answers with the proof that it is undone. */
  end(id: FaultId, done: Done<string>): void;
  inspect(node: NodeId, done: Done<Inspection>): void;
  peek(node: NodeId, key: string, done: Done<Json>): void;
}

/** The nodes that a fault names, each as often as it does. */
export function nodesOf(fault: Fault): readonly NodeId[] {
  if (fault.kind === 'partition') return fault.cut.flat();
  if (fault.kind === 'packets') return fault.links.flat();
  return fault.kind === 'membership' ? [fault.node] : fault.nodes;
}

/** Whether it cuts a link and leaves the way back open. */
export const isOneWay = (fault: Fault): boolean =>
  fault.kind === 'partition' &&
  fault.cut.some(([from, to]) => !fault.cut.some(([source, target]) => source === to && target === from));
