/**
 * The simulated network between nodes: datagrams on ordered links, each frame delayed by itself (so frames overtake
 * one another), now and then lost or doubled. A cut drops whole frames of one direction; a trouble delays, loses,
 * doubles or holds frames besides. A link that is cut and in trouble is cut.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import { microseconds, milliseconds } from '../../core/time.ts';
import type { Cancel, Duration } from '../../core/time.ts';
import { disturbed, type LinkTrouble } from './link-trouble.ts';
import type { Timeline } from './timeline.ts';

export interface NetworkWeather {
  /** The ordinary delay of a frame is uniform in this range. */
  readonly delay: readonly [least: Duration, most: Duration];
  /** The share of frames that take up to `slowest` instead. */
  readonly slowShare: number;
  readonly slowest: Duration;
  readonly loss: number;
  readonly duplication: number;
}

export const ordinaryWeather: NetworkWeather = {
  delay: [microseconds(100), milliseconds(2)],
  slowShare: 0.005,
  slowest: milliseconds(40),
  loss: 0.001,
  duplication: 0.001,
};

type Deliver = (to: NodeId, frame: string) => void;

interface TroubledLink {
  readonly troubles: Set<LinkTrouble>;
  /** What waits until no trouble holds it. */
  held: (() => void)[];
}

/** What a link may hold back, as a peer's queue; more pushes out the oldest. */
const heldLimit = 10_000;

export class SimulatedNetwork {
  readonly weather: NetworkWeather;
  readonly #timeline: Timeline;
  readonly #random: Random;
  /** Of troubles, so that they leave the draws of the ordinary weather as they are. */
  readonly #troubled: Random;
  readonly #deliver: Deliver;
  /** How many active faults cut a link. */
  readonly #cuts = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  readonly #troubles = new Map<string, TroubledLink>();

  constructor(timeline: Timeline, random: Random, weather: NetworkWeather, deliver: Deliver) {
    this.#timeline = timeline;
    this.#random = random;
    this.#troubled = random.fork('trouble');
    this.weather = weather;
    this.#deliver = deliver;
  }

  send(from: NodeId, to: NodeId, frame: string): void {
    this.#transmit(from, to, () => this.#deliver(to, frame));
  }

  /** Sends something that is no frame the way of all frames; `arrived` is called for each copy that comes out. */
  probe(from: NodeId, to: NodeId, arrived: () => void): void {
    this.#transmit(from, to, arrived);
  }

  cut(from: NodeId, to: NodeId): void {
    const link = linkName(from, to);
    this.#cuts.set(link, (this.#cuts.get(link) ?? 0) + 1);
  }

  restore(from: NodeId, to: NodeId): void {
    const link = linkName(from, to);
    const left = (this.#cuts.get(link) ?? 0) - 1;
    if (left > 0) this.#cuts.set(link, left);
    else this.#cuts.delete(link);
  }

  isCut(from: NodeId, to: NodeId): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(linkName(from, to));
  }

  /** How many frames a cut of this link has swallowed. */
  dropped(from: NodeId, to: NodeId): number {
    return this.#dropped.get(linkName(from, to)) ?? 0;
  }

  /** Troubles a link until it is cancelled; frames that were held are let go then, all at once. */
  trouble(from: NodeId, to: NodeId, trouble: LinkTrouble): Cancel {
    const name = linkName(from, to);
    const link = this.#troubles.get(name) ?? { troubles: new Set(), held: [] };
    this.#troubles.set(name, link);
    // Two faults may say the same; each is one of its own.
    const own = { ...trouble };
    link.troubles.add(own);
    return () => {
      if (!link.troubles.delete(own)) return;
      if (link.troubles.size === 0) this.#troubles.delete(name);
      if (isHeld(link)) return;
      const { held } = link;
      link.held = [];
      for (const arrive of held) this.#transmit(from, to, arrive);
    };
  }

  isTroubled(from: NodeId, to: NodeId): boolean {
    return this.#troubles.size > 0 && this.#troubles.has(linkName(from, to));
  }

  /** No frame that is not held is on its way for longer than this, whatever the troubles of now. */
  get longestDelay(): Duration {
    let most = 0;
    for (const { troubles } of this.#troubles.values()) {
      let later = 0;
      for (const { delay, jitter, within } of troubles) later += delay + jitter + within;
      most = Math.max(most, later);
    }
    return (this.weather.slowest + most) as Duration;
  }

  #transmit(from: NodeId, to: NodeId, arrive: () => void): void {
    if (this.isCut(from, to)) {
      const link = linkName(from, to);
      this.#dropped.set(link, (this.#dropped.get(link) ?? 0) + 1);
      return;
    }
    const troubled = this.#troubles.size === 0 ? undefined : this.#troubles.get(linkName(from, to));
    if (troubled === undefined) return this.#carry(arrive, 0);
    if (isHeld(troubled)) {
      troubled.held.push(arrive);
      if (troubled.held.length > heldLimit) troubled.held.shift();
      return;
    }
    for (const later of disturbed(troubled.troubles, this.#troubled)) this.#carry(arrive, later);
  }

  #carry(arrive: () => void, later: number): void {
    const { loss, duplication } = this.weather;
    if (this.#random.chance(loss)) return;
    this.#timeline.after(this.#takes(later), arrive);
    if (this.#random.chance(duplication)) this.#timeline.after(this.#takes(later), arrive);
  }

  #takes(later: number): Duration {
    const { delay, slowShare, slowest } = this.weather;
    const most = this.#random.chance(slowShare) ? slowest : delay[1];
    return (later + delay[0] + Math.floor(this.#random.unit() * (most - delay[0]))) as Duration;
  }
}

const isHeld = ({ troubles }: TroubledLink): boolean => {
  for (const { hold } of troubles) if (hold) return true;
  return false;
};

const linkName = (from: NodeId, to: NodeId): string => `${from}>${to}`;
