/**
 * Troubles of disks. Most need a write of the node to befall: they wait for one, within a bound. What a node does that
 * the trouble brings down is what the host says: a failed write is fatal to it, and no finding. It starts again, from
 * what is on its disk, when the fault ends. Full disks (full-disks.ts) are the only ones that stay as they are.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Cancel, Duration } from '../../core/time.ts';
import { milliseconds, seconds } from '../../core/time.ts';
import { readRecords } from '../../protocol/record-log.ts';
import type { SimulatedNode } from '../../runtimes/simulated/node.ts';
import type { Answer, Done, Fault, FaultId } from '../faults.ts';
import { FullDisks } from './full-disks.ts';
import type { NodeFaults } from './node-faults.ts';
import { type FaultsOf, gather, nodeOf, type SimulatedParts } from './parts.ts';

type DiskFault = Extract<Fault, { kind: 'disk' }>;

/** Other faults may keep the node from writing for a while. */
const patience = seconds(20);
/** No sync takes longer by itself. */
const ordinary = milliseconds(2);
const lookAgain = milliseconds(100);

const syncError = 'EIO: the disk could not sync';

export class DiskFaults implements FaultsOf<DiskFault> {
  readonly #parts: SimulatedParts;
  readonly #nodes: NodeFaults;
  readonly #full: FullDisks;
  /** What each active fault has set up. */
  readonly #cancels = new Map<FaultId, Cancel[]>();

  constructor(parts: SimulatedParts, nodes: NodeFaults) {
    this.#parts = parts;
    this.#nodes = nodes;
    this.#full = new FullDisks(parts, nodes);
  }

  begin(id: FaultId, { nodes, trouble }: DiskFault, done: Done<string>): void {
    const cancels: Cancel[] = [];
    this.#cancels.set(id, cancels);
    const one = gather(nodes.length, done);
    for (const name of nodes) {
      if (trouble.type === 'slow') cancels.push(this.#slow(name, trouble.sync, one));
      else if (trouble.type === 'torn') cancels.push(this.#awaitWrite(name, (node) => this.#tear(id, name, node), one));
      else if (trouble.type === 'sync-error')
        cancels.push(this.#awaitWrite(name, (node) => this.#fail(id, name, node), one));
      else cancels.push(this.#awaitWrite(name, (node) => (struck) => this.#full.fill(id, name, node, struck), one));
    }
  }

  end(id: FaultId, fault: DiskFault, done: Done<string>): void {
    const { nodes, trouble } = fault;
    if (trouble.type !== 'full') return this.#undo(id, fault, done);
    this.#full.proveFull(nodes, (lasted) =>
      this.#undo(id, fault, (started) => this.#full.proveRoom(nodes, lasted, started, done)),
    );
  }

  #undo(id: FaultId, { nodes, trouble }: DiskFault, done: Done<string>): void {
    for (const cancel of this.#cancels.get(id) ?? []) cancel();
    this.#cancels.delete(id);
    if (trouble.type === 'slow') {
      const one = gather(nodes.length, done);
      for (const name of nodes) this.#proveSpeed(name, one);
      return;
    }
    this.#nodes.letUp(id, nodes, () => this.#proveStart(nodes, done));
  }

  /** Sets the trap; when it has sprung, or nothing was written for so long, there is an answer. */
  #awaitWrite(
    name: NodeId,
    set: (node: SimulatedNode) => (sprung: (answer: Answer<string>) => void) => Cancel,
    done: Done<string>,
  ): Cancel {
    let open = true;
    const settle = (answer: Answer<string>): void => {
      if (!open) return;
      open = false;
      done(answer);
    };
    const cancel = set(nodeOf(this.#parts, name))(settle);
    this.#parts.timeline.after(patience, () => {
      if (open) cancel();
      settle({ ok: false, error: `${name} wrote nothing within ${patience / 1e9} s` });
    });
    return cancel;
  }

  #tear(id: FaultId, name: NodeId, node: SimulatedNode): (sprung: (answer: Answer<string>) => void) => Cancel {
    return (sprung) =>
      node.disk.interruptNext(() => {
        this.#nodes.holdDown(id, name);
        node.kill(true);
        this.#parts.clients.reset(name);
        const { records, torn } = readRecords(node.disk.contents());
        if (!torn) return sprung({ ok: false, error: `${name} was killed in a write, and no record is torn` });
        const left = `${records.length} whole records and a torn one are on its disk`;
        sprung({ ok: true, value: `${name} was killed in the midst of a write: ${left}` });
      });
  }

  #fail(id: FaultId, name: NodeId, node: SimulatedNode): (sprung: (answer: Answer<string>) => void) => Cancel {
    return (sprung) =>
      node.disk.failNext(new Error(syncError), () => {
        this.#nodes.holdDown(id, name);
        if (node.running) sprung({ ok: false, error: `a write of ${name} failed (${syncError}), and it went on` });
        else sprung({ ok: true, value: `a write of ${name} failed (${syncError}), and it went down` });
      });
  }

  #slow(name: NodeId, sync: Duration, done: Done<string>): Cancel {
    const node = nodeOf(this.#parts, name);
    let before: number | null = null;
    // How long a sync takes is settled when it begins: this one is not slowed yet.
    this.#time(node, (took) => (before = took));
    const cancel = node.disk.slow(sync);
    this.#timeUntil(
      node,
      (took) => took >= sync && took < node.disk.slowness + ordinary,
      (took) => {
        if (took === null) return done({ ok: false, error: `no sync of ${name} was seen to take ${sync / 1e6} ms` });
        const words = before === null ? '' : ` (before: ${millis(before)})`;
        done({ ok: true, value: `a sync of ${name} takes ${millis(took)}${words}` });
      },
    );
    return cancel;
  }

  #proveSpeed(name: NodeId, done: Done<string>): void {
    const node = nodeOf(this.#parts, name);
    if (node.disk.slowness > 0) return done({ ok: true, value: `the disk of ${name} stays slow under another fault` });
    this.#timeUntil(
      node,
      (took) => took < ordinary,
      (took) => {
        if (took !== null) return done({ ok: true, value: `a sync of ${name} takes ${millis(took)} again` });
        if (!node.running || node.paused) return done({ ok: true, value: `${name} stays under another fault` });
        done({ ok: false, error: `the syncs of ${name} are still slow` });
      },
    );
  }

  #proveStart(names: readonly NodeId[], done: Done<string>): void {
    const damaged = names.filter((name) => {
      const node = nodeOf(this.#parts, name);
      return node.running && readRecords(node.disk.contents()).torn;
    });
    if (damaged.length > 0) return done({ ok: false, error: `${damaged.join(', ')} kept a torn record` });
    this.#nodes.proveVoice(names, 'up again from what was on disk, and answering', done);
  }

  /** Times one sync; no answer when the node is down, or dies meanwhile. */
  #time(node: SimulatedNode, done: (took: number) => void): void {
    const begun = this.#parts.timeline.now();
    if (node.running) node.disk.probe(() => done(this.#parts.timeline.now() - begun));
  }

  /** Times one sync after the other until one is as wanted; null when none was within the patience. */
  #timeUntil(node: SimulatedNode, isWanted: (took: number) => boolean, done: (took: number | null) => void): void {
    const deadline = this.#parts.timeline.now() + patience;
    let open = true;
    const settle = (took: number | null): void => {
      if (!open) return;
      open = false;
      done(took);
    };
    const again = (): void => {
      if (!open) return;
      if (this.#parts.timeline.now() >= deadline) return settle(null);
      this.#time(node, (took) => isWanted(took) && settle(took));
      this.#parts.timeline.after(lookAgain, again);
    };
    again();
  }
}

const millis = (took: number): string => `${(took / 1e6).toFixed(1)} ms`;
