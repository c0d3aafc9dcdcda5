/**
 * Disks on which there is no room. Every write fails until the fault ends, and leaves nothing of it behind, so that what
 * was durable stays as it is. A failed write is fatal to the node; as a machine's supervisor would, somebody starts it
 * again a second later, it reads what it has, and goes down again with the next thing that it has to write down.
 */
import type { NodeId } from '../../core/ids.ts';
import { type Cancel, seconds } from '../../core/time.ts';
import type { SimulatedNode } from '../../runtimes/simulated/node.ts';
import type { Answer, Done, FaultId } from '../faults.ts';
import type { NodeFaults } from './node-faults.ts';
import { didNotLast, nodeOf, type SimulatedParts } from './parts.ts';

const error = 'ENOSPC: no space is left on the disk';
const restartAfter = seconds(1);
/** A write takes half a second on the slowest disk. */
const patience = seconds(1);

type Room = 'room' | 'none';

export class FullDisks {
  readonly #parts: SimulatedParts;
  readonly #nodes: NodeFaults;

  constructor(parts: SimulatedParts, nodes: NodeFaults) {
    this.#parts = parts;
    this.#nodes = nodes;
  }

  /** `struck` is called at every write that failed, with what the node did then. */
  fill(id: FaultId, name: NodeId, node: SimulatedNode, struck: (answer: Answer<string>) => void): Cancel {
    let full = true;
    const cancel = node.disk.useUp(new Error(error), () => {
      if (node.running) return struck({ ok: false, error: `a write of ${name} failed (${error}), and it went on` });
      this.#nodes.holdDown(id, name);
      const startAgain = (): void => this.#nodes.letUp(id, [name], () => {});
      // A node that was paused hears only after the end of the fault that its write had failed before.
      if (full) this.#parts.timeline.after(restartAfter, () => full && startAgain());
      else startAgain();
      struck({ ok: true, value: `a write of ${name} failed (${error}), and it went down` });
    });
    return () => {
      full = false;
      cancel();
    };
  }

  /** To be asked before it is undone. A node that is down cannot be asked, and needs not: that is the fault's doing. */
  proveFull(names: readonly NodeId[], done: Done<string>): void {
    this.#probe(names, (rooms) => {
      const empty = names.filter((name) => rooms.get(name) === 'room');
      if (empty.length === 0) done({ ok: true, value: '' });
      else done({ ok: false, error: `${empty.join(', ')} could write` });
    });
  }

  /** After it was undone; `lasted` is what `proveFull` said. */
  proveRoom(names: readonly NodeId[], lasted: Answer<string>, started: Answer<string>, done: Done<string>): void {
    if (!lasted.ok || !started.ok) return done(didNotLast(lasted) ?? started);
    this.#probe(names, (rooms) => {
      const full = names.filter((name) => rooms.get(name) === 'none' && !nodeOf(this.#parts, name).disk.isFull);
      if (full.length === 0) done(started);
      else done({ ok: false, error: `${full.join(', ')} still cannot write` });
    });
  }

  /** Lets each running node's disk write nothing. Those that do not come to it in time are not in the answer. */
  #probe(names: readonly NodeId[], done: (rooms: ReadonlyMap<NodeId, Room>) => void): void {
    const rooms = new Map<NodeId, Room>();
    for (const name of names) {
      const node = nodeOf(this.#parts, name);
      if (node.running) node.disk.probe((failed) => void rooms.set(name, failed === null ? 'room' : 'none'));
    }
    this.#parts.timeline.after(patience, () => done(rooms));
  }
}
