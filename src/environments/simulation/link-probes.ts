/** Probes that go over links as frames do, and what became of them. */
import type { Duration } from '../../core/time.ts';
import { milliseconds } from '../../core/time.ts';
import type { Link } from '../faults.ts';
import type { SimulatedParts } from './parts.ts';

/** How many probes go over each link, and how long after one another. */
export interface ProbePlan {
  readonly perLink: number;
  readonly spacing: Duration;
}

export interface ProbeCounts {
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  /** Probes that came after one that had been sent later over the same link. */
  readonly overtaken: number;
  /** Nanoseconds that the middle one of those that came had taken; 0 when none came. */
  readonly median: number;
}

interface Probe {
  readonly link: Link;
  readonly sentAt: number;
  readonly arrivals: number[];
}

/** When all probes have been sent. */
export const lasts = ({ perLink, spacing }: ProbePlan): Duration => ((perLink - 1) * spacing) as Duration;

export class LinkProbes {
  readonly #parts: SimulatedParts;
  readonly #links: readonly Link[];
  readonly #probes: Probe[] = [];
  readonly #dropped: readonly number[];

  /** Sends the first ones now. */
  constructor(parts: SimulatedParts, links: readonly Link[], plan: ProbePlan) {
    this.#parts = parts;
    this.#links = links;
    this.#dropped = links.map((link) => parts.network.dropped(...link));
    this.#send(plan.perLink, plan.spacing);
  }

  /** Counts those on links that no cut has touched meanwhile: nothing can be said of the others. */
  counts(): ProbeCounts {
    const { network } = this.#parts;
    const clean = new Set(this.#links.filter((link, index) => network.dropped(...link) === this.#dropped[index]));
    const probes = this.#probes.filter(({ link }) => clean.has(link));
    const took = probes
      .flatMap(({ sentAt, arrivals }) => (arrivals[0] === undefined ? [] : [arrivals[0] - sentAt]))
      .toSorted((one, other) => one - other);
    return {
      sent: probes.length,
      lost: probes.filter(({ arrivals }) => arrivals.length === 0).length,
      doubled: probes.filter(({ arrivals }) => arrivals.length > 1).length,
      overtaken: probes.filter((probe) => this.#isOvertaken(probe)).length,
      median: took[Math.floor(took.length / 2)] ?? 0,
    };
  }

  #send(left: number, spacing: Duration): void {
    const { network, timeline } = this.#parts;
    for (const link of this.#links) {
      const probe: Probe = { link, sentAt: timeline.now(), arrivals: [] };
      this.#probes.push(probe);
      network.probe(...link, () => probe.arrivals.push(timeline.now()));
    }
    if (left <= 1) return;
    if (spacing === 0) this.#send(left - 1, spacing);
    else timeline.after(spacing, () => this.#send(left - 1, spacing));
  }

  #isOvertaken({ link, sentAt, arrivals }: Probe): boolean {
    const [at = 0] = arrivals;
    return this.#probes.some((other) => other.link === link && other.sentAt > sentAt && (other.arrivals[0] ?? at) < at);
  }
}

/** When the last of the probes that are on their way must have come. */
export const arrival = ({ network }: SimulatedParts): Duration => (network.longestDelay + milliseconds(10)) as Duration;
