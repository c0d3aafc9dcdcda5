import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';
import { passOn } from './wrapped.ts';

/** At most `count` calls. */
export const limit = (count: number, inner: Generator): Generator => new Limit(count, inner);

class Limit implements Generator {
  readonly #count: number;
  readonly #inner: Generator;

  constructor(count: number, inner: Generator) {
    this.#count = count;
    this.#inner = inner;
  }

  next(context: GeneratorContext): GeneratorStep {
    if (this.#count <= 0) return { kind: 'done' };
    const step = this.#inner.next(context);
    if (step.kind === 'done') return step;
    return { ...step, rest: new Limit(step.kind === 'call' ? this.#count - 1 : this.#count, step.rest) };
  }

  update(event: GeneratorEvent): Generator {
    return passOn(event, this, this.#inner, (inner) => new Limit(this.#count, inner));
  }
}
