/**
 * Proves cuts by probes. A probe is a frame that one node sends to another on its ordinary link; the link proxy says
 * what became of it there, and the receiving host says which ones reached it. So a cut is proved from both sides, and
 * the probes themselves by links that are open. Where an end is down or stopped, the frame is put into the proxy.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Body } from '../../protocol/wire.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import type { Answer, Link } from '../faults.ts';
import { linkProof } from '../link-proof.ts';
import type { Control } from './control.ts';
import type { Links } from './links.ts';
import { linkName } from './links.ts';
import { observe } from './waiting.ts';

export interface ProvingGround {
  readonly links: Pick<Links, 'inject' | 'fateOf'>;
  readonly control: Pick<Control, 'probe' | 'probesSeen'>;
  /** Running, not stopped, and not about to be. */
  isWell(node: NodeId): boolean;
  isCut(link: Link): boolean;
}

/** Milliseconds. */
export interface ProofTiming {
  /** For all probes of a fault. */
  readonly patience: number;
  /** For one probe, before another one is sent. */
  readonly probe: number;
  /** How long a probe of a cut link is given to come through after all. */
  readonly observation: number;
}

const proofTiming: ProofTiming = { patience: 4_000, probe: 200, observation: 50 };

type Cut = 'dropped' | 'through' | 'unseen';
/** `silent`: it should deliver, and does not. `unwell`: one of its ends is not there to be asked. */
type Delivery = 'delivered' | 'silent' | 'unwell' | 'cut';

export class LinkProver {
  readonly #ground: ProvingGround;
  readonly #timing: ProofTiming;
  #nonce = 0;

  constructor(ground: ProvingGround, timing: ProofTiming = proofTiming) {
    this.#ground = ground;
    this.#timing = timing;
  }

  async proveCut(cut: readonly Link[], open: readonly Link[]): Promise<Answer<string>> {
    const nonces = new Set<number>();
    const [cuts, { delivered, asked }] = await Promise.all([
      Promise.all(cut.map((link) => this.#dropped(link, nonces))),
      this.#deliver(open),
    ]);
    await new Promise((resolve) => setTimeout(resolve, this.#timing.observation));
    const leaked = await Promise.all(cut.map((link) => this.#hasLeaked(link, nonces)));
    const through = cuts.filter((seen, index) => seen === 'through' || leaked[index]).length;
    const dropped = cuts.filter((seen) => seen === 'dropped').length;
    return linkProof({ cut: cut.length, dropped, through, open: asked, delivered });
  }

  /** Links between nodes that are well must deliver; on others the proxy shows that it drops nothing any more. */
  async proveOpen(links: readonly Link[]): Promise<Answer<string>> {
    const seen = await Promise.all(
      links.map(async (link) => {
        const found = await this.#delivered(link);
        return found === 'unwell' ? await this.#passes(link) : found;
      }),
    );
    const count = (what: Delivery): number => seen.filter((found) => found === what).length;
    const asked = count('delivered') + count('silent');
    if (count('silent') > 0)
      return { ok: false, error: `only ${count('delivered')} of ${asked} restored links deliver` };
    const others = count('unwell') + count('cut');
    const parts = [
      ...(asked > 0 || others === 0 ? [`${asked} of ${asked} links deliver again`] : []),
      ...(count('unwell') > 0 ? [`${count('unwell')} with an end that is down or stopped are open again`] : []),
      ...(count('cut') > 0 ? [`${count('cut')} stay cut by another fault`] : []),
    ];
    return { ok: true, value: parts.join('; ') };
  }

  /** Sends probes over a cut link until one was seen to end there. */
  async #dropped(link: Link, nonces: Set<number>): Promise<Cut> {
    const [from, to] = link;
    const { links, control } = this.#ground;
    const seen = await observe(this.#timing.patience, async (): Promise<Cut | null> => {
      const nonce = ++this.#nonce;
      nonces.add(nonce);
      if (this.#bothWell(link)) await control.probe(from, to, nonce).catch(() => null);
      else await this.#inject(link, nonce);
      const fate = await observe(this.#timing.probe, () => links.fateOf(nonce));
      if (fate === 'forwarded') return 'through';
      return fate === 'cut' ? 'dropped' : null;
    });
    return seen ?? 'unseen';
  }

  async #hasLeaked([, to]: Link, nonces: ReadonlySet<number>): Promise<boolean> {
    if (!this.#ground.isWell(to)) return false;
    const seen = await this.#ground.control.probesSeen(to).catch(() => null);
    return seen !== null && [...seen].some((nonce) => nonces.has(nonce));
  }

  /** Counts the links on which a probe arrived, of those that stayed open between nodes that stayed well. */
  async #deliver(links: readonly Link[]): Promise<{ readonly delivered: number; readonly asked: number }> {
    const seen = await Promise.all(links.map((link) => this.#delivered(link)));
    const delivered = seen.filter((found) => found === 'delivered').length;
    return { delivered, asked: delivered + seen.filter((found) => found === 'silent').length };
  }

  async #delivered(link: Link): Promise<Delivery> {
    const { control } = this.#ground;
    const [from, to] = link;
    const nonces: number[] = [];
    const hindrance = (): 'cut' | 'unwell' | null =>
      this.#ground.isCut(link) ? 'cut' : this.#bothWell(link) ? null : 'unwell';
    const found = await observe(this.#timing.patience, async (): Promise<Delivery | null> => {
      const hindered = hindrance();
      if (hindered !== null) return hindered;
      const nonce = ++this.#nonce;
      nonces.push(nonce);
      await control.probe(from, to, nonce).catch(() => null);
      return await observe(this.#timing.probe, async () => {
        const seen = await control.probesSeen(to).catch(() => null);
        return nonces.some((sent) => seen?.has(sent)) ? 'delivered' : null;
      });
    });
    return found ?? hindrance() ?? 'silent';
  }

  /** Puts a probe into the link itself: an end is not there to send or to receive one. */
  async #passes(link: Link): Promise<Delivery> {
    const nonce = ++this.#nonce;
    await this.#inject(link, nonce);
    const fate = await observe(this.#timing.patience, () => this.#ground.links.fateOf(nonce));
    if (fate === 'cut' && this.#ground.isCut(link)) return 'cut';
    return fate === 'lost' || fate === 'forwarded' ? 'unwell' : 'silent';
  }

  async #inject(link: Link, nonce: number): Promise<void> {
    const [from, to] = link;
    await this.#ground.links.inject(linkName(link), encodeFrame(from, to, probeOf(nonce)));
  }

  #bothWell([from, to]: Link): boolean {
    return this.#ground.isWell(from) && this.#ground.isWell(to);
  }
}

const probeOf = (nonce: number): Body => ({ type: 'harness/probe', nonce }) as Body;
