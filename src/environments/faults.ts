/**
 * What an environment can break. A fault is begun under an id and ended by it; both answer, within a deadline, with a
 * proof that was observed (a probe that the link dropped, a process that is gone), or with the reason why not.
 * Faults may overlap: a link is cut, a node down or paused while any fault that says so has not ended.
 */
import type { NodeId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { Inspection } from '../core/inspection.ts';

/** Frames from the first to the second; the other direction is a link of its own. */
export type Link = readonly [from: NodeId, to: NodeId];

export type Fault =
  | { readonly kind: 'partition'; readonly cut: readonly Link[] }
  | { readonly kind: 'kill'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'pause'; readonly nodes: readonly NodeId[] };

export type FaultKind = Fault['kind'];

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
