/** What befalls the frames of a link besides the ordinary weather. Several troubles of one link add up. */
import type { Random } from '../../core/random.ts';
import type { Duration } from '../../core/time.ts';

export interface LinkTrouble {
  /** The share of frames that are lost. */
  readonly loss: number;
  /** The share of frames that come twice. */
  readonly duplication: number;
  /** Each frame takes so much longer, and up to `jitter` more. */
  readonly delay: Duration;
  readonly jitter: Duration;
  /** The share of frames that are kept back for up to `within`. */
  readonly reordering: number;
  readonly within: Duration;
  /** Every frame is kept back until no trouble holds it any more. */
  readonly hold: boolean;
}

export const noTrouble: LinkTrouble = {
  loss: 0,
  duplication: 0,
  delay: 0 as Duration,
  jitter: 0 as Duration,
  reordering: 0,
  within: 0 as Duration,
  hold: false,
};

/** A frame on its way: how much later than by itself each copy of it arrives; empty when it is lost. */
export function disturbed(troubles: Iterable<LinkTrouble>, random: Random): readonly Duration[] {
  let copies: readonly Duration[] = [0 as Duration];
  for (const trouble of troubles) {
    if (random.chance(trouble.loss)) return [];
    if (random.chance(trouble.duplication)) copies = [...copies, ...copies];
    copies = copies.map((later) => (later + latenessOf(trouble, random)) as Duration);
  }
  return copies;
}

function latenessOf({ delay, jitter, reordering, within }: LinkTrouble, random: Random): number {
  const back = random.chance(reordering) ? Math.floor(random.unit() * within) : 0;
  return delay + Math.floor(random.unit() * jitter) + back;
}
