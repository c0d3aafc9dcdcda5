/**
 * The simulated network between nodes: datagrams on ordered links, each frame delayed by itself (so frames overtake
 * one another), now and then lost or doubled. A cut drops whole frames of one direction.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import { microseconds, milliseconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';
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

export class SimulatedNetwork {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #weather: NetworkWeather;
  readonly #deliver: Deliver;
  /** How many active faults cut a link. */
  readonly #cuts = new Map<string, number>();
  readonly #dropped = new Map<string, number>();

  constructor(timeline: Timeline, random: Random, weather: NetworkWeather, deliver: Deliver) {
    this.#timeline = timeline;
    this.#random = random;
    this.#weather = weather;
    this.#deliver = deliver;
  }

  send(from: NodeId, to: NodeId, frame: string): void {
    if (this.isCut(from, to)) {
      const link = linkName(from, to);
      this.#dropped.set(link, (this.#dropped.get(link) ?? 0) + 1);
      return;
    }
    const { loss, duplication } = this.#weather;
    if (this.#random.chance(loss)) return;
    this.#carry(to, frame);
    if (this.#random.chance(duplication)) this.#carry(to, frame);
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

  /** No frame is on its way for longer than this. */
  get longestDelay(): Duration {
    return this.#weather.slowest;
  }

  #carry(to: NodeId, frame: string): void {
    const { delay, slowShare, slowest } = this.#weather;
    const most = this.#random.chance(slowShare) ? slowest : delay[1];
    const takes = delay[0] + Math.floor(this.#random.unit() * (most - delay[0]));
    this.#timeline.after(takes as Duration, () => this.#deliver(to, frame));
  }
}

const linkName = (from: NodeId, to: NodeId): string => `${from}>${to}`;
