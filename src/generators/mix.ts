import { firstReady, replaced, type Children } from './first-ready.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';

/**
 * Draws each call from one of the generators, by weight. While the drawn one waits, another may take its turn. Weights
 * are at least 0, and a generator of weight 0 is never asked. Done when all others are.
 */
export const mix = (entries: readonly (readonly [weight: number, generator: Generator])[]): Generator => {
  const asked = entries.filter(([weight]) => weight > 0);
  return new Mix(
    asked.map(([weight]) => weight),
    asked.map(([, generator]) => generator),
  );
};

class Mix implements Generator {
  readonly #weights: readonly number[];
  readonly #children: Children;

  constructor(weights: readonly number[], children: Children) {
    this.#weights = weights;
    this.#children = children;
  }

  next(context: GeneratorContext): GeneratorStep {
    return firstReady(this.#children, this.#order(context), {
      contextOf: () => context,
      with: (children) => this.#with(children),
    });
  }

  update(event: GeneratorEvent): Generator {
    let children = this.#children;
    children.forEach((child, index) => {
      if (child?.update !== undefined) children = replaced(children, index, child.update(event));
    });
    return this.#with(children);
  }

  #with(children: Children): Generator {
    return children === this.#children ? this : new Mix(this.#weights, children);
  }

  /** The drawn one first, the others after it in turn. */
  #order({ random }: GeneratorContext): number[] {
    const weights = this.#weights.map((weight, index) => (this.#children[index] === null ? 0 : weight));
    let rest = random.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    const drawn = weights.findIndex((weight) => (rest -= weight) < 0);
    const first = Math.max(drawn, 0);
    return weights.map((_, step) => (first + step) % weights.length);
  }
}
