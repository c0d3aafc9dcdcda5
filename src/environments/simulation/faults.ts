/**
 * Faults of the simulation. Each is proved by an observation and not by its own bookkeeping: a cut by probe frames that
 * went into the link and did not come out, a kill by a node that no longer runs, a pause by a question that stays open.
 */
import type { Inspection } from '../../core/inspection.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Duration } from '../../core/time.ts';
import { milliseconds } from '../../core/time.ts';
import type { SimulatedClients } from '../../runtimes/simulated/clients.ts';
import type { SimulatedNetwork } from '../../runtimes/simulated/network.ts';
import type { SimulatedNode } from '../../runtimes/simulated/node.ts';
import type { Timeline } from '../../runtimes/simulated/timeline.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import type { Done, Fault, FaultId, FaultKind, Faults, Link } from '../faults.ts';
import { nodesOf } from '../faults.ts';
import { linkProof, openLinks } from '../link-proof.ts';

export const simulatedFaultKinds: ReadonlySet<FaultKind> = new Set(['partition', 'kill', 'pause']);

export interface SimulatedParts {
  readonly timeline: Timeline;
  readonly network: SimulatedNetwork;
  readonly clients: SimulatedClients;
  readonly nodes: ReadonlyMap<NodeId, SimulatedNode>;
}

/** A link loses a frame now and then by itself; so many in a row it does not. */
const probesPerLink = 4;
const startDelay = milliseconds(30);
const patience = milliseconds(100);

export class SimulatedFaults implements Faults {
  readonly kinds: ReadonlySet<FaultKind> = simulatedFaultKinds;
  readonly #parts: SimulatedParts;
  readonly #active = new Map<FaultId, Fault>();
  #nonce = 0;

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
  }

  begin(id: FaultId, fault: Fault, done: Done<string>): void {
    const stranger = nodesOf(fault).find((node) => !this.#parts.nodes.has(node));
    if (stranger !== undefined) return done({ ok: false, error: `no node ${stranger} in this cluster` });
    this.#active.set(id, fault);
    switch (fault.kind) {
      case 'partition':
        for (const [from, to] of fault.cut) this.#parts.network.cut(from, to);
        return this.#proveCut(fault.cut, done);
      case 'kill':
        for (const node of fault.nodes) {
          this.#node(node).kill();
          this.#parts.clients.reset(node);
        }
        return this.#proveSilence(fault.nodes, 'no longer run', done);
      case 'pause':
        for (const node of fault.nodes) this.#node(node).pause();
        return this.#proveSilence(fault.nodes, 'are paused', done);
    }
  }

  end(id: FaultId, done: Done<string>): void {
    const fault = this.#active.get(id);
    this.#active.delete(id);
    if (fault === undefined) return done({ ok: false, error: `fault ${id} is not active` });
    switch (fault.kind) {
      case 'partition':
        for (const [from, to] of fault.cut) this.#parts.network.restore(from, to);
        return this.#proveOpen(fault.cut, done);
      case 'kill':
        this.#parts.timeline.after(startDelay, () => {
          for (const node of fault.nodes) if (!this.#isUnder('kill', node)) this.#node(node).start();
          this.#proveVoice(fault.nodes, 'started again and answer', done);
        });
        return;
      case 'pause':
        for (const node of fault.nodes) if (!this.#isUnder('pause', node)) this.#node(node).resume();
        return this.#proveVoice(fault.nodes, 'run on and answer', done);
    }
  }

  inspect(node: NodeId, done: Done<Inspection>): void {
    this.#ask(node, (it) => it.inspect(), done);
  }

  peek(node: NodeId, key: string, done: Done<Json>): void {
    this.#ask(node, (it) => it.peek(key), done);
  }

  #node(id: NodeId): SimulatedNode {
    const node = this.#parts.nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id} in this cluster`);
    return node;
  }

  #isUnder(kind: 'kill' | 'pause', node: NodeId): boolean {
    for (const fault of this.#active.values()) if (fault.kind === kind && fault.nodes.includes(node)) return true;
    return false;
  }

  /** Asks a node; it may be down, or paused, or pause before it answers. */
  #ask<T>(id: NodeId, read: (node: SimulatedNode) => T | null, done: Done<T>): void {
    let answered = false;
    const answer: Done<T> = (value) => {
      if (answered) return;
      answered = true;
      done(value);
    };
    const node = this.#node(id);
    node.whenRunning(() => {
      const value = read(node);
      this.#parts.timeline.after(0 as Duration, () =>
        answer(value === null ? { ok: false, error: `${id} is down` } : { ok: true, value }),
      );
    });
    this.#parts.timeline.after(patience, () => answer({ ok: false, error: `${id} did not answer` }));
  }

  /** Sends probes over the links and counts those on which one came out, once all must have arrived. */
  #probe(links: readonly Link[], done: (delivered: number) => void): void {
    const sent = links.map(([from, to]) => {
      const nonces = Array.from({ length: probesPerLink }, () => ++this.#nonce);
      for (const nonce of nonces) {
        this.#parts.network.send(from, to, encodeFrame(from, to, { type: 'harness/probe', nonce }));
      }
      return { to, nonces };
    });
    const wait = (this.#parts.network.longestDelay + milliseconds(10)) as Duration;
    this.#parts.timeline.after(wait, () => {
      done(sent.filter(({ to, nonces }) => nonces.some((nonce) => this.#node(to).sawProbe(nonce))).length);
    });
  }

  /** The links between nodes that can send and receive now; on others a probe would prove nothing. */
  #between(links: readonly Link[]): readonly Link[] {
    const well = (id: NodeId): boolean => this.#node(id).running && !this.#node(id).paused;
    return links.filter(([from, to]) => well(from) && well(to));
  }

  #proveCut(cut: readonly Link[], done: Done<string>): void {
    const { network, nodes } = this.#parts;
    const open = this.#between(openLinks([...nodes.keys()], (from, to) => network.isCut(from, to)));
    const before = cut.map(([from, to]) => network.dropped(from, to));
    this.#probe(cut, (through) => {
      const dropped = cut.filter(([from, to], index) => network.dropped(from, to) > (before[index] ?? 0)).length;
      this.#probe(open, (delivered) => {
        const stillOpen = this.#between(open).filter(([from, to]) => !network.isCut(from, to)).length;
        done(linkProof({ cut: cut.length, dropped, through, open: Math.min(open.length, stillOpen), delivered }));
      });
    });
  }

  #proveOpen(links: readonly Link[], done: Done<string>): void {
    const { network } = this.#parts;
    const open = (): readonly Link[] => this.#between(links).filter(([from, to]) => !network.isCut(from, to));
    const probed = open();
    this.#probe(probed, (delivered) => {
      const expected = Math.min(probed.length, open().length);
      if (delivered >= expected) done({ ok: true, value: `${delivered} of ${probed.length} links deliver again` });
      else done({ ok: false, error: `only ${delivered} of ${probed.length} restored links deliver` });
    });
  }

  #proveSilence(ids: readonly NodeId[], words: string, done: Done<string>): void {
    const answers: string[] = [];
    let open = ids.length;
    for (const id of ids)
      this.#ask(
        id,
        (node) => node.inspect(),
        (answer) => {
          if (answer.ok) answers.push(id);
          if (--open > 0) return;
          if (answers.length === 0) done({ ok: true, value: `${ids.join(', ')} ${words}: no answer within 100 ms` });
          else done({ ok: false, error: `${answers.join(', ')} still answered` });
        },
      );
  }

  #proveVoice(ids: readonly NodeId[], words: string, done: Done<string>): void {
    const expected = ids.filter((id) => !this.#isUnder('kill', id) && !this.#isUnder('pause', id));
    const silent: string[] = [];
    let open = expected.length;
    if (open === 0) return done({ ok: true, value: `${ids.join(', ')} stay under another fault` });
    for (const id of expected)
      this.#ask(
        id,
        (node) => node.inspect(),
        (answer) => {
          if (!answer.ok && !this.#isUnder('kill', id) && !this.#isUnder('pause', id)) silent.push(id);
          if (--open > 0) return;
          if (silent.length === 0) done({ ok: true, value: `${expected.join(', ')} ${words}` });
          else done({ ok: false, error: `${silent.join(', ')} did not answer` });
        },
      );
  }
}
