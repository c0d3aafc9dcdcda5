/** Partitions: proved by probe frames that went into the links that are cut and did not come out, while others did. */
import type { Duration } from '../../core/time.ts';
import { milliseconds } from '../../core/time.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Done, Fault, FaultId, Link } from '../faults.ts';
import { linkProof, openLinks } from '../link-proof.ts';
import { type FaultsOf, nodeOf, type SimulatedParts } from './parts.ts';

type Partition = Extract<Fault, { kind: 'partition' }>;

/** A link loses a frame now and then by itself; so many in a row it does not. */
const probesPerLink = 4;

export class LinkFaults implements FaultsOf<Partition> {
  readonly #parts: SimulatedParts;
  #nonce = 0;

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
  }

  begin(_id: FaultId, { cut }: Partition, done: Done<string>): void {
    for (const [from, to] of cut) this.#parts.network.cut(from, to);
    this.#proveCut(cut, done);
  }

  end(_id: FaultId, { cut }: Partition, done: Done<string>): void {
    for (const [from, to] of cut) this.#parts.network.restore(from, to);
    this.#proveOpen(cut, done);
  }

  /** Sends probes over the links and counts those on which one came out, once all must have arrived. */
  #probe(links: readonly Link[], done: (delivered: number) => void): void {
    const { network, timeline } = this.#parts;
    const sent = links.map(([from, to]) => {
      const nonces = Array.from({ length: probesPerLink }, () => ++this.#nonce);
      for (const nonce of nonces) network.send(from, to, encodeFrame(from, to, { type: 'harness/probe', nonce }));
      return { to, nonces };
    });
    const wait = (network.longestDelay + milliseconds(10)) as Duration;
    timeline.after(wait, () => {
      done(sent.filter(({ to, nonces }) => nonces.some((nonce) => nodeOf(this.#parts, to).sawProbe(nonce))).length);
    });
  }

  /** The links that would deliver now; on others, whose nodes are not well or that are in trouble, a probe proves nothing. */
  #between(links: readonly Link[]): readonly Link[] {
    const { network } = this.#parts;
    const isWell = (id: NodeId): boolean => nodeOf(this.#parts, id).running && !nodeOf(this.#parts, id).paused;
    return links.filter(
      ([from, to]) => isWell(from) && isWell(to) && !network.isCut(from, to) && !network.isTroubled(from, to),
    );
  }

  #proveCut(cut: readonly Link[], done: Done<string>): void {
    const { network, nodes } = this.#parts;
    const open = this.#between(openLinks([...nodes.keys()], () => false));
    const before = cut.map(([from, to]) => network.dropped(from, to));
    this.#probe(cut, (through) => {
      const dropped = cut.filter(([from, to], index) => network.dropped(from, to) > (before[index] ?? 0)).length;
      this.#probe(open, (delivered) => {
        const stillOpen = this.#between(open).length;
        done(linkProof({ cut: cut.length, dropped, through, open: Math.min(open.length, stillOpen), delivered }));
      });
    });
  }

  #proveOpen(links: readonly Link[], done: Done<string>): void {
    const probed = this.#between(links);
    this.#probe(probed, (delivered) => {
      const expected = Math.min(probed.length, this.#between(probed).length);
      if (delivered >= expected) done({ ok: true, value: `${delivered} of ${probed.length} links deliver again` });
      else done({ ok: false, error: `only ${delivered} of ${probed.length} restored links deliver` });
    });
  }
}
