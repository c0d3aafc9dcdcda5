import type { Random } from '../core/random.ts';
import type { NemesisVariant } from './nemesis.ts';

/**
 * Deals variants in rounds, so that each comes up, which drawing them independently would not promise. A round is the
 * favoured ones in random order and then all of them in random order. One that cannot be planned now stays in front.
 */
export class VariantBag {
  readonly #variants: readonly NemesisVariant[];
  readonly #random: Random;
  #round: NemesisVariant[] = [];

  constructor(variants: readonly NemesisVariant[], random: Random) {
    this.#variants = variants;
    this.#random = random;
  }

  /** The first result that is not null, in the order of the round; null when no variant has one. */
  deal<T>(
    plan: (variant: NemesisVariant) => T | null,
  ): { readonly variant: NemesisVariant; readonly planned: T } | null {
    return this.#from(plan) ?? (this.#refill(), this.#from(plan));
  }

  #from<T>(plan: (variant: NemesisVariant) => T | null): { variant: NemesisVariant; planned: T } | null {
    const refused = new Set<NemesisVariant>();
    for (const [place, variant] of this.#round.entries()) {
      if (refused.has(variant)) continue;
      const planned = plan(variant);
      if (planned !== null) {
        this.#round.splice(place, 1);
        return { variant, planned };
      }
      refused.add(variant);
    }
    return null;
  }

  /** What is left was refused just now. It keeps its turn, but only one. */
  #refill(): void {
    const favoured = this.#variants.filter((variant) => variant.favoured === true);
    const fresh = [...this.#random.shuffle(favoured), ...this.#random.shuffle(this.#variants)];
    this.#round = [...new Set(this.#round), ...fresh];
  }
}
