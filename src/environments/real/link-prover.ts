/**
 * Proves cuts by probes. A probe is a frame that one node sends to another on its ordinary link; what stands on the link
 * says what became of it there, and the receiving host says which ones reached it. So a cut is proved from both sides,
 * and the probes themselves by links that are open. Where an end is down or stopped, something else is sent in its place.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Answer, Link } from '../faults.ts';
import { linkProof } from '../link-proof.ts';
import type { Control } from './control.ts';
import { observe } from './waiting.ts';

/** `cut`: dropped by the fault. `lost`: dropped because nobody took it at the other end. */
export type Fate = 'cut' | 'lost' | 'forwarded';

export interface ProvingGround {
  readonly links: LinkWitness;
  readonly control: Pick<Control, 'probe' | 'probesSeen'>;
  /** Whether nodes send and take probes themselves. Without it all is seen at the links. */
  readonly takesProbes: boolean;
  /** Running, not stopped, and not about to be. */
  isWell(node: NodeId): boolean;
  isCut(link: Link): boolean;
}

/** What stands on the links and sees what becomes of a probe there. */
export interface LinkWitness {
  /**
   * Sends a probe over the link, and says what was seen of it there within some milliseconds; null when nothing was.
   * `send` makes the sending node send it; null when one of the ends is not there, and something has to stand for it.
   */
  watch(link: Link, nonce: number, send: (() => Promise<unknown>) | null, within: number): Promise<Fate | null>;
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
    const seen = await observe(this.#timing.patience, async (): Promise<Cut | null> => {
      const nonce = ++this.#nonce;
      nonces.add(nonce);
      const fate = await this.#watch(link, nonce, this.#timing.probe);
      if (fate === 'forwarded') return 'through';
      return fate === 'cut' ? 'dropped' : null;
    });
    return seen ?? 'unseen';
  }

  async #hasLeaked([, to]: Link, nonces: ReadonlySet<number>): Promise<boolean> {
    if (!this.#ground.takesProbes || !this.#ground.isWell(to)) return false;
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
      if (!this.#ground.takesProbes)
        return (await this.#watch(link, nonce, this.#timing.probe)) === 'forwarded' ? 'delivered' : null;
      await control.probe(from, to, nonce).catch(() => null);
      return await observe(this.#timing.probe, async () => {
        const seen = await control.probesSeen(to).catch(() => null);
        return nonces.some((sent) => seen?.has(sent)) ? 'delivered' : null;
      });
    });
    return found ?? hindrance() ?? 'silent';
  }

  /** Looks at the link itself: an end is not there to send or to receive a probe. */
  async #passes(link: Link): Promise<Delivery> {
    const fate = await this.#ground.links.watch(link, ++this.#nonce, null, this.#timing.patience);
    if (fate === 'cut' && this.#ground.isCut(link)) return 'cut';
    return fate === 'lost' || fate === 'forwarded' ? 'unwell' : 'silent';
  }

  async #watch(link: Link, nonce: number, within: number): Promise<Fate | null> {
    const [from, to] = link;
    const send = (): Promise<unknown> => this.#ground.control.probe(from, to, nonce).catch(() => null);
    return await this.#ground.links.watch(
      link,
      nonce,
      this.#ground.takesProbes && this.#bothWell(link) ? send : null,
      within,
    );
  }

  #bothWell([from, to]: Link): boolean {
    return this.#ground.isWell(from) && this.#ground.isWell(to);
  }
}
