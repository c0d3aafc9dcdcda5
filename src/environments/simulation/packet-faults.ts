/**
 * Delay, loss, duplicates, reordering and holding of frames. Each is proved by probes that go over the links as frames
 * do: some before it begins, some while it is active, some when it has ended. What is a matter of chance is decided by
 * counting: so many probes that the ordinary weather and the troubled one cannot well be taken for one another.
 */
import type { Duration } from '../../core/time.ts';
import { milliseconds, nanoseconds } from '../../core/time.ts';
import { type LinkTrouble, noTrouble } from '../../runtimes/simulated/link-trouble.ts';
import type { NetworkWeather } from '../../runtimes/simulated/network.ts';
import type { Answer, Done, Fault, FaultId, Link, PacketWeather } from '../faults.ts';
import { arrival, lasts, LinkProbes, type ProbeCounts, type ProbePlan } from './link-probes.ts';
import type { FaultsOf, SimulatedParts } from './parts.ts';

type PacketFault = Extract<Fault, { kind: 'packets' }>;
/** Frames have no length in the simulation, so no link can be too narrow for them. */
type SimulatedWeather = Exclude<PacketWeather, { type: 'rate' }>;

/** What tells the trouble from the ordinary weather. */
interface Sign {
  readonly plan: ProbePlan;
  /** As counted among the probes, for people. */
  words(counts: ProbeCounts, before: ProbeCounts): string;
  isTroubled(counts: ProbeCounts, before: ProbeCounts): boolean;
}

interface Active {
  readonly cancel: () => void;
  /** Of `hold`: what went in while it was active. */
  readonly during: LinkProbes | null;
}

/** While other faults cut all links of this one, nothing can be seen; it is tried again so often, after so long. */
const mostTries = 35;
const tryAgain = milliseconds(500);

export class PacketFaults implements FaultsOf<PacketFault> {
  readonly #parts: SimulatedParts;
  readonly #active = new Map<FaultId, Active>();

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
  }

  begin(id: FaultId, { links, weather }: PacketFault, done: Done<string>): void {
    if (weather.type === 'rate') return done({ ok: false, error: 'frames have no length in the simulation' });
    const { network, timeline } = this.#parts;
    const open = this.#open(links);
    const sign = signOf(weather, network.weather, Math.max(1, open.length));
    const before = new LinkProbes(this.#parts, open, sign.plan);
    // How long a frame takes is settled when it is sent: the probes of before are not troubled.
    timeline.after(lasts(sign.plan), () => {
      const cancels = links.map((link) => network.trouble(...link, troubleOf(weather)));
      const cancel = (): void => {
        for (const each of cancels) each();
      };
      this.#active.set(id, { cancel, during: null });
      this.#proveTrouble({ id, links, weather, before }, mostTries, done);
    });
  }

  end(id: FaultId, { links, weather }: PacketFault, done: Done<string>): void {
    const active = this.#active.get(id);
    this.#active.delete(id);
    active?.cancel();
    if (weather.type === 'rate') return done({ ok: true, value: 'nothing was changed' });
    const { network, timeline } = this.#parts;
    const free = this.#open(links).filter((link) => !network.isTroubled(...link));
    if (free.length === 0) return done({ ok: true, value: 'its links stay under another fault' });
    const sign = signOf(weather, network.weather, free.length);
    const after = new LinkProbes(this.#parts, free, sign.plan);
    timeline.after((lasts(sign.plan) + arrival(this.#parts)) as Duration, () => {
      const isDisturbed = free.some((link) => network.isTroubled(...link));
      const counts = after.counts();
      if (isDisturbed || 2 * counts.sent <= sign.plan.perLink * free.length)
        return done({ ok: true, value: 'its links came under another fault' });
      if (sign.isTroubled(counts, quiet(network.weather)))
        return done({ ok: false, error: `still ${sign.words(counts, counts)}` });
      done(released(active?.during ?? null, `${sign.words(counts, counts)} again`));
    });
  }

  /** Tries again while no link is open to be seen. */
  #proveTrouble(
    it: {
      readonly id: FaultId;
      readonly links: readonly Link[];
      readonly weather: SimulatedWeather;
      readonly before: LinkProbes;
    },
    left: number,
    done: Done<string>,
  ): void {
    const { network, timeline } = this.#parts;
    const open = this.#open(it.links);
    const sign = signOf(it.weather, network.weather, Math.max(1, open.length));
    const during = new LinkProbes(this.#parts, open, sign.plan);
    timeline.after((lasts(sign.plan) + arrival(this.#parts)) as Duration, () => {
      const counts = during.counts();
      // A cut that came meanwhile has taken too many of the probes away.
      const tooFew = 2 * counts.sent <= sign.plan.perLink * open.length;
      if (tooFew && left > 1) return void timeline.after(tryAgain, () => this.#proveTrouble(it, left - 1, done));
      if (tooFew) return done({ ok: false, error: 'other faults cut its links: there was nothing to see' });
      const active = this.#active.get(it.id);
      if (active !== undefined && it.weather.type === 'hold') this.#active.set(it.id, { ...active, during });
      const before = it.before.counts();
      const base = before.sent === 0 ? quiet(network.weather) : before;
      const text = sign.words(counts, base);
      done(sign.isTroubled(counts, base) ? { ok: true, value: text } : { ok: false, error: `only ${text}` });
    });
  }

  #open(links: readonly Link[]): readonly Link[] {
    return links.filter((link) => !this.#parts.network.isCut(...link));
  }
}

/** What was held must have come out; a few may have been lost on the way. */
function released(held: LinkProbes | null, text: string): Answer<string> {
  if (held === null) return { ok: true, value: text };
  const { sent, lost } = held.counts();
  const words = `${sent - lost} of ${sent} held probes came out`;
  return lost * 2 > sent ? { ok: false, error: `only ${words}` } : { ok: true, value: `${words}; ${text}` };
}

function troubleOf(weather: SimulatedWeather): LinkTrouble {
  if (weather.type === 'delay') return { ...noTrouble, delay: weather.delay, jitter: weather.jitter };
  if (weather.type === 'loss') return { ...noTrouble, loss: weather.share };
  if (weather.type === 'duplicate') return { ...noTrouble, duplication: weather.share };
  if (weather.type === 'reorder') return { ...noTrouble, reordering: weather.share, within: weather.within };
  return { ...noTrouble, hold: true };
}

const fewest = 40;

function signOf(weather: SimulatedWeather, ordinary: NetworkWeather, links: number): Sign {
  const { loss, duplication, slowShare, delay } = ordinary;
  const atOnce = nanoseconds(0);
  if (weather.type === 'loss') return shareSign('lost', [loss, weather.share], atOnce, links);
  if (weather.type === 'duplicate') return shareSign('doubled', [duplication, weather.share], atOnce, links);
  if (weather.type === 'reorder') {
    // Far enough apart that ordinary frames keep their order.
    const spacing = nanoseconds(delay[1] - delay[0]);
    const seen = weather.share * Math.max(0, 1 - spacing / weather.within) * (1 - weather.share / 2);
    return shareSign('overtaken', [slowShare, seen], spacing, links);
  }
  const plan: ProbePlan = { perLink: Math.ceil(fewest / links), spacing: atOnce };
  if (weather.type === 'hold')
    return {
      plan,
      words: ({ sent, lost }) => `${lost === sent ? 'none' : sent - lost} of ${sent} probes came out`,
      isTroubled: ({ sent, lost }) => lost === sent,
    };
  const later = weather.delay + weather.jitter / 2;
  return {
    plan,
    words: ({ median }, before) =>
      median === before.median
        ? `probes take ${millis(median)}`
        : `probes take ${millis(median - before.median)} more than before`,
    isTroubled: ({ median }, before) => median - before.median >= later / 2,
  };
}

const deviation = (share: number): number => Math.sqrt(share * (1 - share));

const shareWords = {
  lost: 'were lost',
  doubled: 'came twice',
  overtaken: 'were overtaken by later ones',
} as const satisfies { readonly [count in keyof ProbeCounts]?: string };

/**
 * So many probes that the two shares, the ordinary one and what the trouble adds, are nine standard deviations apart,
 * and the border between them.
 */
function shareSign(
  what: keyof typeof shareWords,
  [ordinary, added]: readonly [number, number],
  spacing: Duration,
  links: number,
): Sign {
  const troubled = 1 - (1 - ordinary) * (1 - added);
  const both = deviation(ordinary) + deviation(troubled);
  const wanted = Math.max(fewest, ((4.5 * both) / added) ** 2, 30 / troubled);
  const perLink = Math.ceil(Math.min(wanted, mostProbes) / links);
  const border = (sent: number): number =>
    Math.max(ordinary * sent + 6, sent * (ordinary + (added * deviation(ordinary)) / both));
  return {
    plan: { perLink, spacing },
    words: (counts, before) =>
      `of ${counts.sent} probes ${counts[what]} ${shareWords[what]}${counts === before ? '' : ` (before: ${before[what]} of ${before.sent})`}`,
    isTroubled: (counts) => counts[what] > border(counts.sent),
  };
}

const mostProbes = 4_000;

/** What probes would show if there were no faults at all: the middle of what is ordinary. */
const quiet = ({ delay }: NetworkWeather): ProbeCounts => ({
  sent: 0,
  lost: 0,
  doubled: 0,
  overtaken: 0,
  median: (delay[0] + delay[1]) / 2,
});

const millis = (time: number): string => `${(time / 1e6).toFixed(1)} ms`;
