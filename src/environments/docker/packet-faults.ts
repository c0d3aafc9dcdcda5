/**
 * Links that are slow or narrow, by the traffic control of the kernel at the sender. The proof is what volleys of bytes with
 * a ping at their end take over each of them, compared with what was asked for; its end is proved by the same volleys, which
 * must then take less than they possibly could before. What other environments do to single frames cannot be done to
 * packets: TCP sends again what is lost, and puts in order what comes doubled or out of it.
 */
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Lacks } from '../environment.ts';
import type { Answer, Fault, FaultId, FaultVariety, Link, PacketWeather } from '../faults.ts';
import { linkName } from '../link-proof.ts';
import { failure, success, together } from '../real/fault-answers.ts';
import type { FaultsOfKind } from '../real/real-faults.ts';
import { observe } from '../real/waiting.ts';
import type { Holder } from './holder/holder.ts';
import type { Abilities, Carried, ShapedWay } from './holder/requests.ts';

export interface PacketParts {
  readonly holders: ReadonlyMap<NodeId, Pick<Holder, 'address' | 'shape' | 'push'>>;
  readonly nodes: ReadonlyMap<NodeId, { readonly well: boolean }>;
  readonly isCut: (link: Link) => boolean;
  /** Where nodes take their peers. */
  readonly port: number;
  /** Milliseconds that the links have to show what they should. */
  readonly patience?: number;
}

type Weather = Extract<PacketWeather, { type: 'delay' | 'rate' }>;

/** All of these in milliseconds. While other faults cut or stop everything there is nothing to see: */
const firstPatience = 16_000;
/** Whether it lasted and whether it is undone is asked in one go, so each has half of the time. */
const laterPatience = 9_000;
const tryAgain = 200;
const volleyPatience = 3_000;
/** So much longer than it should a volley may take on a busy machine: so often, and so many. */
const mostTimes = 3;
const slack = 250;
/** As long as a narrow link needs for a volley. */
const narrowTime = 400;
/** A share of what a volley takes: a burst passes at once. */
const leastShare = 0.5;
/** A share of the least that a volley could take over a link in trouble, which a link that is well stays below. */
const wellShare = 0.7;
/** So many in a row must be late: one may be so by accident. */
const volleys = 2;

const hidden = 'TCP hides what happens to single packets, so containers cannot show';
const elsewhere = 'Use --env sim for it.';

/** What this engine's kernel cannot do; null: it was not asked. */
export function packetLacks(abilities: Pick<Abilities, 'rate' | 'delay'> | null): Lacks {
  const lacks = new Map<FaultVariety, string>();
  for (const type of ['loss', 'duplicate', 'reorder'] as const)
    lacks.set(`packets:${type}`, `${hidden} packets:${type}. ${elsewhere}`);
  lacks.set('packets:hold', `No packets can be held and let go in containers, as packets:hold does. ${elsewhere}`);
  const missing = (type: 'delay' | 'rate', discipline: string, module: string): void => {
    const kernel = `The kernel of the Docker engine has no ${discipline}, which packets:${type} needs.`;
    lacks.set(
      `packets:${type}`,
      `${kernel} Load it there (modprobe ${module}), or leave packets:${type} out. See harness doctor.`,
    );
  };
  if (abilities !== null && !abilities.delay) missing('delay', 'netem', 'sch_netem');
  if (abilities !== null && !abilities.rate) missing('rate', 'htb', 'sch_htb');
  return lacks;
}

export class PacketFaults implements FaultsOfKind {
  readonly #parts: PacketParts;
  readonly #patience: { readonly first: number; readonly later: number };
  readonly #active = new Map<FaultId, { readonly links: readonly Link[]; readonly weather: Weather }>();

  constructor(parts: PacketParts) {
    this.#parts = parts;
    this.#patience = { first: parts.patience ?? firstPatience, later: parts.patience ?? laterPatience };
  }

  async begin(id: FaultId, fault: Fault): Promise<Answer<string>> {
    const weather = weatherOf(fault);
    if (weather === null || fault.kind !== 'packets') return failure('containers know slow and narrow links only');
    this.#active.set(id, { links: fault.links, weather });
    await this.#shape();
    return await this.#prove(fault.links, null, this.#patience.first);
  }

  async lasted(_id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'packets' || this.#observable(fault.links).length === 0) return success('');
    return await this.#prove(fault.links, null);
  }

  async end(id: FaultId, fault: Fault): Promise<Answer<string>> {
    const weather = weatherOf(fault);
    if (!this.#active.delete(id) || weather === null || fault.kind !== 'packets') return success('nothing was changed');
    await this.#shape();
    const free = fault.links.filter((link) => this.#trouble(link).length === 0);
    if (free.length === 0) return success('its links stay under another fault');
    if (this.#observable(free).length === 0)
      return success('its links are shaped no more; nobody is there to try them');
    return await this.#prove(free, weather);
  }

  #trouble(link: Link): readonly Weather[] {
    const name = linkName(link);
    return [...this.#active.values()]
      .filter(({ links }) => links.some((each) => linkName(each) === name))
      .map(({ weather }) => weather);
  }

  /** Both ends are there, and nothing cuts it. */
  #observable(links: readonly Link[]): readonly Link[] {
    const { nodes, isCut } = this.#parts;
    return links.filter((link) => !isCut(link) && link.every((node) => nodes.get(node)?.well === true));
  }

  async #shape(): Promise<void> {
    const { holders, port } = this.#parts;
    await Promise.all(
      [...holders].map(async ([from, holder]) => {
        const ways = [...holders].flatMap(([to, { address }]): readonly ShapedWay[] => {
          const trouble = from === to ? [] : this.#trouble([from, to]);
          return trouble.length === 0 ? [] : [wayOf(address, port, trouble)];
        });
        await holder.shape(ways);
      }),
    );
  }

  /** All that are there to be seen, and one at least. `ended`: they were under this, and must be well again. */
  async #prove(
    links: readonly Link[],
    ended: Weather | null,
    patience = this.#patience.later,
  ): Promise<Answer<string>> {
    const deadline = performance.now() + patience;
    const there = await observe(patience, async () => (this.#observable(links).length === 0 ? await pause() : true));
    if (there === null) return failure('other faults cut or stopped its links: there was nothing to see');
    const senders = new Map<NodeId, Link[]>();
    for (const link of links) senders.set(link[0], [...(senders.get(link[0]) ?? []), link]);
    // One after the other, or the volleys would be in each other's way.
    const results = await Promise.all(
      [...senders.values()].map(async (own) => {
        const answers: (Answer<string> | null)[] = [];
        for (const link of own) {
          const answer = await this.#proveLink(link, ended, deadline);
          answers.push(answer);
          // That settles it, and it has taken all the time that there was.
          if (answer?.ok === false) break;
        }
        return answers;
      }),
    );
    const seen = results.flat().filter((each) => each !== null);
    if (seen.length === 0) return failure('other faults cut or stopped its links: there was nothing to see');
    return together(seen);
  }

  /** Null when there was nobody to try it. */
  async #proveLink(link: Link, ended: Weather | null, deadline: number): Promise<Answer<string> | null> {
    let error: string | null = null;
    for (;;) {
      if (this.#observable([link]).length === 0) return error === null ? null : failure(error);
      // Another fault has begun or ended on it meanwhile.
      const trouble = this.#trouble(link);
      if (trouble.length > 0 === (ended !== null)) return null;
      const seen = await this.#volleys(link, trouble, ended).catch((thrown: unknown) => messageOf(thrown));
      if (typeof seen !== 'string') return success(seen.words);
      // What happened to it while it was tried is no fault of the link.
      if (this.#observable([link]).length > 0) error = seen;
      if (performance.now() >= deadline) return error === null ? null : failure(error);
      await pause();
    }
  }

  /** Words where they went as they should, else what was wrong. */
  async #volleys(
    link: Link,
    trouble: readonly Weather[],
    ended: Weather | null,
  ): Promise<{ readonly words: string } | string> {
    const [sender, receiver] = link.map((node) => this.#parts.holders.get(node) as Pushing) as [Pushing, Pushing];
    const { port } = this.#parts;
    const { rate, delay } = wayOf(receiver.address, port, ended === null ? trouble : [ended]);
    const bytes = rate === null ? 5 : Math.ceil((rate * narrowTime) / 1000);
    const drained = rate === null ? 0 : (bytes / rate) * 1000;
    const slowest = (drained + (delay === null ? 0 : delay.mean + delay.jitter)) * mostTimes + slack;
    const quickest = drained * leastShare + (delay === null ? 0 : Math.max(1, delay.mean - delay.jitter));
    const [least, most] = ended === null ? [quickest, slowest] : [0, quickest * wellShare];
    let words = '';
    for (let volley = 0; volley < (ended === null ? volleys : 1); volley++) {
      const { took, carried } = await sender.push(receiver.address, port, bytes, volleyPatience);
      words = `a volley of ${bytes} bytes over ${linkName(link)} `;
      words += took === null ? `was not answered within ${volleyPatience} ms` : `took ${took.toFixed(0)} ms`;
      if (carried !== null && rate !== null)
        words += `, while the link carried ${carried.bytes} bytes in ${carried.within.toFixed(0)} ms`;
      if (took !== null && took < least) return `${words}, instead of at least ${least.toFixed(0)} ms`;
      const isLate = took === null || took > most;
      // Of a delay as well, what a link carries tells nothing.
      const isNarrow = ended === null && delay === null && carriesAsAsked(rate, carried);
      if (isLate && !isNarrow) return `${words}, instead of at most ${most.toFixed(0)} ms`;
    }
    return { words: ended === null ? words : `${words} again` };
  }
}

/**
 * Whether a link that is asked for so many bytes a second carried as many. The nodes use it too, and what they send is
 * before a volley, or instead of it where the queue is full.
 */
const carriesAsAsked = (rate: number | null, carried: Carried | null): boolean => {
  if (rate === null || carried === null) return false;
  const share = carried.bytes / ((rate * carried.within) / 1000);
  return share >= 1 / mostTimes && share <= 1 / leastShare;
};

type Pushing = Pick<Holder, 'address' | 'push'>;

const pause = (): Promise<null> => new Promise((resolve) => setTimeout(resolve, tryAgain, null));

const weatherOf = (fault: Fault): Weather | null =>
  fault.kind === 'packets' && (fault.weather.type === 'delay' || fault.weather.type === 'rate') ? fault.weather : null;

/** Several faults on one way: the narrowest counts, and delays add up. */
function wayOf(host: string, port: number, trouble: readonly Weather[]): ShapedWay {
  const rates = trouble.flatMap((each) => (each.type === 'rate' ? [each.bytesPerSecond] : []));
  const delays = trouble.filter((each) => each.type === 'delay');
  const sum = (of: 'delay' | 'jitter'): number => delays.reduce((total, each) => total + each[of] / 1e6, 0);
  // Uniform between `delay` and `delay + jitter`, as the fault says; the kernel's is around a mean.
  const jitter = sum('jitter') / 2;
  return {
    host,
    port,
    rate: rates.length === 0 ? null : Math.min(...rates),
    delay: delays.length === 0 ? null : { mean: sum('delay') + jitter, jitter },
  };
}
