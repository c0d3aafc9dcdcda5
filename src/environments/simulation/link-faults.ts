/**
 * Partitions: proved by probes that went into the links that are cut and did not come out, while others did; once when
 * the fault has begun, once more before it ends, and by probes that come out again when it has ended. Probes take the
 * way of all frames between the nodes, so that nodes that are down or paused hide nothing.
 */
import type { Duration } from '../../core/time.ts';
import { milliseconds } from '../../core/time.ts';
import type { Answer, Done, Fault, FaultId, Link } from '../faults.ts';
import { linkProof, openLinks } from '../link-proof.ts';
import { didNotLast, type FaultsOf, type SimulatedParts } from './parts.ts';

type Partition = Extract<Fault, { kind: 'partition' }>;

/** A link loses a frame now and then by itself; that it loses so many in a row has a chance of one in a billion. */
const probesPerLink = (loss: number): number =>
  loss === 0 ? fewest : Math.min(mostProbes, Math.max(fewest, Math.ceil(Math.log(1e-9) / Math.log(loss))));

const fewest = 4;
const mostProbes = 50;

export class LinkFaults implements FaultsOf<Partition> {
  readonly #parts: SimulatedParts;
  readonly #active = new Map<FaultId, readonly Link[]>();

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
  }

  begin(id: FaultId, { cut }: Partition, done: Done<string>): void {
    this.#active.set(id, cut);
    for (const [from, to] of cut) this.#parts.network.cut(from, to);
    this.#proveCut(cut, done);
  }

  end(id: FaultId, { cut }: Partition, done: Done<string>): void {
    this.#proveCut(cut, (lasted) => {
      this.#active.delete(id);
      for (const [from, to] of cut) this.#parts.network.restore(from, to);
      this.#proveOpen(cut, (healed) => done(didNotLast(lasted) ?? healed));
    });
  }

  /** Sends probes over each of the links and tells, once all must have arrived, over which one came out. */
  #probe(links: readonly Link[], done: (arrived: ReadonlySet<Link>) => void): void {
    const { network, timeline } = this.#parts;
    const arrived = new Set<Link>();
    const count = probesPerLink(network.weather.loss);
    for (const link of links)
      for (let probe = 0; probe < count; probe++) network.probe(...link, () => void arrived.add(link));
    timeline.after((network.longestDelay + milliseconds(10)) as Duration, () => done(arrived));
  }

  /** Whether nothing that was asked for keeps the link from delivering. What the network itself says does not count. */
  #shouldDeliver([from, to]: Link): boolean {
    if (this.#parts.network.isTroubled(from, to)) return false;
    for (const cut of this.#active.values()) if (cut.some(([one, other]) => one === from && other === to)) return false;
    return true;
  }

  #proveCut(cut: readonly Link[], done: Done<string>): void {
    const { network, nodes } = this.#parts;
    const mayDeliver = openLinks([...nodes.keys()], (from, to) => !this.#shouldDeliver([from, to]));
    const before = cut.map(([from, to]) => network.dropped(from, to));
    this.#probe([...cut, ...mayDeliver], (arrived) => {
      const dropped = cut.filter(([from, to], index) => network.dropped(from, to) > (before[index] ?? 0)).length;
      const through = cut.filter((link) => arrived.has(link)).length;
      const open = mayDeliver.filter((link) => this.#shouldDeliver(link));
      const delivered = open.filter((link) => arrived.has(link)).length;
      done(linkProof({ cut: cut.length, dropped, through, open: open.length, delivered }));
    });
  }

  #proveOpen(links: readonly Link[], done: Done<string>): void {
    const probed = links.filter((link) => this.#shouldDeliver(link));
    this.#probe(probed, (arrived) => {
      const open = probed.filter((link) => this.#shouldDeliver(link));
      const delivered = open.filter((link) => arrived.has(link)).length;
      done(openProof(links.length, open.length, delivered));
    });
  }
}

function openProof(links: number, open: number, delivered: number): Answer<string> {
  if (delivered < open) return { ok: false, error: `only ${delivered} of ${open} restored links deliver` };
  const parts = [
    ...(open > 0 ? [`${delivered} of ${open} links deliver again`] : []),
    ...(open < links ? [`${links - open} are under another fault`] : []),
  ];
  return { ok: true, value: parts.join('; ') };
}
