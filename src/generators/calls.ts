import type { Call } from '../protocol/client.ts';
import type { Generator, GeneratorContext, GeneratorStep } from './generator.ts';

/** Lifts a function: each call is what it says, on a random free thread, without end. */
export const calls = (make: (context: GeneratorContext) => Call): Generator => new Calls(make);

class Calls implements Generator {
  readonly #make: (context: GeneratorContext) => Call;

  constructor(make: (context: GeneratorContext) => Call) {
    this.#make = make;
  }

  next(context: GeneratorContext): GeneratorStep {
    const { process } = context.random.pick(context.free);
    return { kind: 'call', process, call: this.#make(context), rest: this };
  }
}
