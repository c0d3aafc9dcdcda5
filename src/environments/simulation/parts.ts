/** What the faults of a simulation work on. */
import type { NodeId } from '../../core/ids.ts';
import type { SimulatedClients } from '../../runtimes/simulated/clients.ts';
import type { SimulatedNetwork } from '../../runtimes/simulated/network.ts';
import type { SimulatedNode } from '../../runtimes/simulated/node.ts';
import type { Timeline } from '../../runtimes/simulated/timeline.ts';
import type { Answer, Done, FaultId } from '../faults.ts';

export interface SimulatedParts {
  readonly timeline: Timeline;
  readonly network: SimulatedNetwork;
  readonly clients: SimulatedClients;
  readonly nodes: ReadonlyMap<NodeId, SimulatedNode>;
}

/** The faults of one kind. `end` is never called before `begin` has answered, and only once. */
export interface FaultsOf<F> {
  begin(id: FaultId, fault: F, done: Done<string>): void;
  end(id: FaultId, fault: F, done: Done<string>): void;
}

export function nodeOf({ nodes }: SimulatedParts, id: NodeId): SimulatedNode {
  const node = nodes.get(id);
  if (node === undefined) throw new Error(`no node ${id} in this cluster`);
  return node;
}

/** What becomes of a fault that was no longer there when it was to be undone; null when it was. */
export const didNotLast = (lasted: Answer<string>): Answer<string> | null =>
  lasted.ok ? null : { ok: false, error: `it did not last: ${lasted.error}` };

/** Collects one answer of each of several, and then gives theirs in one: all must hold. */
export function gather(count: number, done: Done<string>): Done<string> {
  const answers: Answer<string>[] = [];
  return (answer) => {
    answers.push(answer);
    if (answers.length < count) return;
    const errors = answers.flatMap((it) => (it.ok ? [] : [it.error]));
    if (errors.length > 0) done({ ok: false, error: errors.join('; ') });
    else done({ ok: true, value: answers.flatMap((it) => (it.ok ? [it.value] : [])).join('; ') });
  };
}
