/**
 * Faults of the simulation, by kind. Each is proved by an observation and not by its own bookkeeping: probes that do
 * not come out of a link, a question that stays open, a clock that is compared with the control clock.
 */
import type { Inspection } from '../../core/inspection.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { SimulatedNode } from '../../runtimes/simulated/node.ts';
import type { Done, Fault, FaultId, FaultKind, Faults } from '../faults.ts';
import { nodesOf } from '../faults.ts';
import type { Membership } from '../membership.ts';
import { ClockFaults } from './clock-faults.ts';
import { DiskFaults } from './disk-faults.ts';
import { LinkFaults } from './link-faults.ts';
import { NodeFaults } from './node-faults.ts';
import { PacketFaults } from './packet-faults.ts';
import type { FaultsOf, SimulatedParts } from './parts.ts';

type Handlers = { readonly [K in FaultKind]: FaultsOf<Extract<Fault, { kind: K }>> };

export const simulatedFaultKinds: ReadonlySet<FaultKind> = new Set([
  'partition',
  'kill',
  'pause',
  'clock',
  'packets',
  'disk',
  'membership',
]);

export class SimulatedFaults implements Faults {
  readonly kinds: ReadonlySet<FaultKind> = simulatedFaultKinds;
  readonly #parts: SimulatedParts;
  readonly #active = new Map<FaultId, Fault>();
  readonly #nodes: NodeFaults;
  readonly #handlers: Handlers;

  constructor(parts: SimulatedParts, membership: (faults: Faults) => Membership) {
    this.#parts = parts;
    this.#nodes = new NodeFaults(parts);
    const members = membership(this);
    this.#handlers = {
      partition: new LinkFaults(parts),
      kill: this.#nodes,
      pause: this.#nodes,
      clock: new ClockFaults(parts),
      packets: new PacketFaults(parts),
      disk: new DiskFaults(parts, this.#nodes),
      membership: {
        begin: (_id, fault, done) => members.begin(fault, done),
        end: (_id, fault, done) => members.end(fault, done),
      },
    };
  }

  begin(id: FaultId, fault: Fault, done: Done<string>): void {
    const stranger = nodesOf(fault).find((node) => !this.#parts.nodes.has(node));
    if (stranger !== undefined) return done({ ok: false, error: `no node ${stranger} in this cluster` });
    if (this.#active.has(id)) return done({ ok: false, error: `fault ${id} is active already` });
    this.#active.set(id, fault);
    this.#of(fault).begin(id, fault, done);
  }

  end(id: FaultId, done: Done<string>): void {
    const fault = this.#active.get(id);
    this.#active.delete(id);
    if (fault === undefined) return done({ ok: false, error: `fault ${id} is not active` });
    this.#of(fault).end(id, fault, done);
  }

  inspect(node: NodeId, done: Done<Inspection>): void {
    this.#nodes.ask(node, (it) => it.inspect(), done);
  }

  peek(node: NodeId, key: string, done: Done<Json>): void {
    // Null is what a node holds of a key that nobody wrote; only one without a machine holds nothing.
    const held = (it: SimulatedNode): { readonly value: Json } | null =>
      it.inspect() === null ? null : { value: it.peek(key) };
    this.#nodes.ask(node, held, (answer) => done(answer.ok ? { ok: true, value: answer.value.value } : answer));
  }

  /** The kind of the fault picks the handler that takes such faults; the types cannot say that of a union. */
  #of(fault: Fault): FaultsOf<Fault> {
    return this.#handlers[fault.kind];
  }
}
