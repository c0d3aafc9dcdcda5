import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';
import { passOn } from './wrapped.ts';

/** One after the other. The next begins when the previous has no more calls, even if some are still in flight. */
export const sequence = (...parts: readonly Generator[]): Generator => new Sequence(parts);

/** As `sequence`, but each begins when the previous is done and all threads are free. */
export const phases = (...parts: readonly Generator[]): Generator => sequence(...parts.map(synchronised));

class Sequence implements Generator {
  readonly #parts: readonly Generator[];

  constructor(parts: readonly Generator[]) {
    this.#parts = parts;
  }

  next(context: GeneratorContext): GeneratorStep {
    for (let index = 0; index < this.#parts.length; index++) {
      const step = (this.#parts[index] as Generator).next(context);
      if (step.kind === 'done') continue;
      return { ...step, rest: this.#with(step.rest, index) };
    }
    return { kind: 'done' };
  }

  /** All parts are told, so that a later one knows what came before it. */
  update(event: GeneratorEvent): Generator {
    const parts = this.#parts.map((part) => part.update?.(event) ?? part);
    return parts.every((part, index) => part === this.#parts[index]) ? this : new Sequence(parts);
  }

  #with(first: Generator, index: number): Generator {
    return index === 0 && first === this.#parts[0] ? this : new Sequence([first, ...this.#parts.slice(index + 1)]);
  }
}

/** Begins when all threads are free. */
const synchronised = (inner: Generator): Generator => {
  const waiting: Generator = {
    next: (context) =>
      context.free.length < context.threads.length
        ? { kind: 'wait', until: 'event', rest: waiting }
        : inner.next(context),
    update: (event) => passOn(event, waiting, inner, synchronised),
  };
  return waiting;
};
