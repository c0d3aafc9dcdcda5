/**
 * Links that are slow or narrow, by the traffic control of the kernel at the sender. The proof is what a volley of pings
 * takes over such a link, compared with what it may take over one that is well. What other environments do to single
 * frames cannot be done to packets: TCP sends again what is lost, and puts in order what comes doubled or out of it.
 */
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Lacks } from '../environment.ts';
import type { Answer, Fault, FaultId, FaultVariety, Link, PacketWeather } from '../faults.ts';
import { linkName } from '../link-proof.ts';
import { failure, success } from '../real/fault-answers.ts';
import type { FaultsOfKind, RealParts } from '../real/real-faults.ts';
import { observe } from '../real/waiting.ts';
import type { Holder } from './holder/holder.ts';
import type { Abilities, ShapedWay } from './holder/requests.ts';

export interface PacketParts {
  readonly holders: ReadonlyMap<NodeId, Holder>;
  readonly nodes: RealParts['nodes'];
  readonly isCut: (link: Link) => boolean;
  /** Where nodes take their peers. */
  readonly port: number;
}

type Weather = Extract<PacketWeather, { type: 'delay' | 'rate' }>;

/** All of these in milliseconds. While other faults cut or stop everything there is nothing to see: */
const patience = 16_000;
const tryAgain = 500;
/** What a volley may take at most over a link that is well, on a busy machine. */
const swift = 60;
const volleyPatience = 5_000;

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
  readonly #active = new Map<FaultId, { readonly links: readonly Link[]; readonly weather: Weather }>();

  constructor(parts: PacketParts) {
    this.#parts = parts;
  }

  async begin(id: FaultId, fault: Fault): Promise<Answer<string>> {
    const weather = weatherOf(fault);
    if (weather === null || fault.kind !== 'packets') return failure('containers know slow and narrow links only');
    this.#active.set(id, { links: fault.links, weather });
    await this.#shape();
    return await this.#prove(fault.links, true);
  }

  async lasted(_id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'packets' || this.#observable(fault.links).length === 0) return success('');
    return await this.#prove(fault.links, true);
  }

  async end(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (!this.#active.delete(id) || fault.kind !== 'packets') return success('nothing was changed');
    await this.#shape();
    const free = fault.links.filter((link) => this.#trouble(link).length === 0);
    if (free.length === 0) return success('its links stay under another fault');
    if (this.#observable(free).length === 0)
      return success('its links are shaped no more; nobody is there to try them');
    return await this.#prove(free, false);
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

  async #prove(links: readonly Link[], isTroubled: boolean): Promise<Answer<string>> {
    let error = 'other faults cut or stopped its links: there was nothing to see';
    const proof = await observe(patience, async () => {
      const link = this.#observable(links)[0];
      if (link === undefined) return await pause();
      const trouble = this.#trouble(link);
      if (isTroubled !== trouble.length > 0) return await pause();
      const seen = await this.#volley(link, trouble).catch((thrown: unknown) => messageOf(thrown));
      if (typeof seen === 'string') {
        error = seen;
        return await pause();
      }
      return seen;
    });
    return proof === null ? failure(error) : success(proof.words);
  }

  /** Words where it went as it should, else what was wrong. */
  async #volley(link: Link, trouble: readonly Weather[]): Promise<{ readonly words: string } | string> {
    const [sender, receiver] = link.map((node) => this.#parts.holders.get(node) as Holder) as [Holder, Holder];
    const { rate, delay } = wayOf(receiver.address, this.#parts.port, trouble);
    // So much that a narrow link needs a good half second for it.
    const bytes = rate === null ? 5 : Math.ceil(rate * 0.6);
    const took = await sender.push(receiver.address, this.#parts.port, bytes, volleyPatience);
    const name = linkName(link);
    if (took === null) return `a volley of ${bytes} bytes over ${name} was not answered within ${volleyPatience} ms`;
    const least =
      (rate === null ? 0 : (bytes / rate) * 500) + (delay === null ? 0 : Math.max(1, delay.mean - delay.jitter));
    const words = `a volley of ${bytes} bytes over ${name} took ${took.toFixed(0)} ms`;
    const isRight = trouble.length === 0 ? took <= swift : took >= least;
    if (!isRight)
      return `${words} instead of ${trouble.length === 0 ? `at most ${swift}` : `at least ${least.toFixed(0)}`} ms`;
    return { words: trouble.length === 0 ? `${words} again` : words };
  }
}

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
