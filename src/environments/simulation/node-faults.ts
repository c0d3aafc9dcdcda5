/**
 * Kills and pauses. A node is down or paused while any fault holds it so; the one that lets go last starts it again, or
 * lets it run on. A kill is proved by a node that answers no question, a pause by a question that stays open and a frame
 * of a peer that is not taken; both once when they have begun and once more before they end.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Duration } from '../../core/time.ts';
import { milliseconds } from '../../core/time.ts';
import type { SimulatedNode } from '../../runtimes/simulated/node.ts';
import type { Done, Fault, FaultId } from '../faults.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import { didNotLast, type FaultsOf, nodeOf, type SimulatedParts } from './parts.ts';

type NodeFault = Extract<Fault, { kind: 'kill' | 'pause' }>;

const startDelay = milliseconds(30);
const patience = milliseconds(100);
const mostQuestions = 5;

/** Which faults hold a node. */
class Holds {
  readonly #holders = new Map<NodeId, Set<FaultId>>();

  add(node: NodeId, id: FaultId): void {
    const holders = this.#holders.get(node) ?? new Set();
    this.#holders.set(node, holders.add(id));
  }

  remove(node: NodeId, id: FaultId): void {
    this.#holders.get(node)?.delete(id);
  }

  has(node: NodeId): boolean {
    return (this.#holders.get(node)?.size ?? 0) > 0;
  }
}

export class NodeFaults implements FaultsOf<NodeFault> {
  readonly #parts: SimulatedParts;
  readonly #down = new Holds();
  readonly #paused = new Holds();
  /** Below zero, where no probe over a link has its number. */
  #nonce = 0;

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
  }

  begin(id: FaultId, { kind, nodes }: NodeFault, done: Done<string>): void {
    if (kind === 'kill') {
      for (const node of nodes) {
        this.holdDown(id, node);
        nodeOf(this.#parts, node).kill();
        this.#parts.clients.reset(node);
      }
      return this.#proveSilence(nodes, 'no longer run', done);
    }
    for (const node of nodes) {
      this.#paused.add(node, id);
      nodeOf(this.#parts, node).pause();
    }
    this.#proveSilence(nodes, 'are paused', done);
  }

  end(id: FaultId, fault: NodeFault, done: Done<string>): void {
    this.#proveSilence(fault.nodes, '', (lasted) => {
      this.#undo(id, fault, (healed) => done(didNotLast(lasted) ?? healed));
    });
  }

  #undo(id: FaultId, { kind, nodes }: NodeFault, done: Done<string>): void {
    if (kind === 'kill') return this.letUp(id, nodes, () => this.proveVoice(nodes, 'started again and answer', done));
    for (const node of nodes) {
      this.#paused.remove(node, id);
      if (!this.#paused.has(node)) nodeOf(this.#parts, node).resume();
    }
    this.proveVoice(nodes, 'run on and answer', done);
  }

  /** The node, which is down or about to be, is not started while the fault lasts. */
  holdDown(id: FaultId, node: NodeId): void {
    this.#down.add(node, id);
  }

  /** The fault no longer keeps them down: a little later they start, unless another one does. */
  letUp(id: FaultId, nodes: readonly NodeId[], then: () => void): void {
    for (const node of nodes) this.#down.remove(node, id);
    this.#parts.timeline.after(startDelay, () => {
      for (const node of nodes) if (!this.#down.has(node)) nodeOf(this.#parts, node).start();
      then();
    });
  }

  /** Asks a node; it may be down, or paused, or pause before it answers. */
  ask<T>(id: NodeId, read: (node: SimulatedNode) => T | null, done: Done<T>): void {
    let answered = false;
    const answer: Done<T> = (value) => {
      if (answered) return;
      answered = true;
      done(value);
    };
    const node = nodeOf(this.#parts, id);
    node.whenRunning(() => {
      const value = read(node);
      this.#parts.timeline.after(0 as Duration, () =>
        answer(value === null ? { ok: false, error: `${id} is down` } : { ok: true, value }),
      );
    });
    this.#parts.timeline.after(patience, () => answer({ ok: false, error: `${id} did not answer` }));
  }

  #proveSilence(ids: readonly NodeId[], words: string, done: Done<string>): void {
    const nonce = --this.#nonce;
    for (const id of ids) nodeOf(this.#parts, id).receivePeer(encodeFrame(id, id, { type: 'harness/probe', nonce }));
    this.#askAll(ids, (asked) => {
      const answered = ids.filter((id) => asked.includes(id) || nodeOf(this.#parts, id).sawProbe(nonce));
      if (answered.length === 0) done({ ok: true, value: `${ids.join(', ')} ${words}: no answer within 100 ms` });
      else done({ ok: false, error: `${answered.join(', ')} still answered` });
    });
  }

  /** Whoever no fault holds must answer; one that another fault has just let go is about to start, and asked again. */
  proveVoice(ids: readonly NodeId[], words: string, done: Done<string>, left: number = mostQuestions): void {
    const free = (id: NodeId): boolean => !this.#down.has(id) && !this.#paused.has(id);
    const expected = ids.filter(free);
    if (expected.length === 0) return done({ ok: true, value: `${ids.join(', ')} stay under another fault` });
    this.#askAll(expected, (answered) => {
      const silent = expected.filter((id) => !answered.includes(id) && free(id));
      if (silent.length === 0) done({ ok: true, value: `${expected.join(', ')} ${words}` });
      else if (left > 1) this.proveVoice(ids, words, done, left - 1);
      else done({ ok: false, error: `${silent.join(', ')} did not answer` });
    });
  }

  /** Tells who answered in time. */
  #askAll(ids: readonly NodeId[], done: (answered: readonly NodeId[]) => void): void {
    const answered: NodeId[] = [];
    let open = ids.length;
    for (const id of ids)
      this.ask(
        id,
        (node) => node.inspect(),
        (answer) => {
          if (answer.ok) answered.push(id);
          if (--open === 0) done(answered);
        },
      );
  }
}
