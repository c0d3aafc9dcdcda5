/** Partitions: proved by probe frames that went into the links that are cut and did not come out, while others did. */
import type { Duration } from '../../core/time.ts';
import { milliseconds } from '../../core/time.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Done, Fault, FaultId, Link } from '../faults.ts';
import { linkProof, openLinks } from '../link-proof.ts';
import { type FaultsOf, nodeOf, type SimulatedParts } from './parts.ts';

type Partition = Extract<Fault, { kind: 'partition' }>;

/** A link loses a frame now and then by itself; that it loses so many in a row has a chance of one in a billion. */
const probesPerLink = (loss: number): number =>
  loss === 0 ? fewest : Math.min(mostProbes, Math.max(fewest, Math.ceil(Math.log(1e-9) / Math.log(loss))));

const fewest = 4;
const mostProbes = 50;

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
    const length = probesPerLink(network.weather.loss);
    const sent = links.map(([from, to]) => {
      const nonces = Array.from({ length }, () => ++this.#nonce);
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

  /** To be asked later: how many of the links would deliver still, and whose nodes remember what came meanwhile. */
  #watch(links: readonly Link[]): () => number {
    const lifeOf = (id: NodeId): number => nodeOf(this.#parts, id).life;
    const lives = links.map(([from, to]) => [lifeOf(from), lifeOf(to)] as const);
    const isSame = ([from, to]: Link, index: number): boolean =>
      lives[index]?.[0] === lifeOf(from) && lives[index][1] === lifeOf(to);
    return () => this.#between(links.filter(isSame)).length;
  }

  #proveCut(cut: readonly Link[], done: Done<string>): void {
    const { network, nodes } = this.#parts;
    const open = this.#between(openLinks([...nodes.keys()], () => false));
    const stillOpen = this.#watch(open);
    const before = cut.map(([from, to]) => network.dropped(from, to));
    this.#probe(cut, (through) => {
      const dropped = cut.filter(([from, to], index) => network.dropped(from, to) > (before[index] ?? 0)).length;
      this.#probe(open, (delivered) => {
        const expected = stillOpen();
        const came = Math.min(delivered, expected);
        done(linkProof({ cut: cut.length, dropped, through, open: expected, delivered: came }));
      });
    });
  }

  #proveOpen(links: readonly Link[], done: Done<string>): void {
    const probed = this.#between(links);
    const stillOpen = this.#watch(probed);
    this.#probe(probed, (delivered) => {
      if (delivered >= stillOpen()) done({ ok: true, value: `${delivered} of ${probed.length} links deliver again` });
      else done({ ok: false, error: `only ${delivered} of ${probed.length} restored links deliver` });
    });
  }
}
