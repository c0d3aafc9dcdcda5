import { plus, type Duration, type Instant } from '../core/time.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';
import { passOn } from './wrapped.ts';

/** Ends the generator `limit` after it was first asked. What is in flight then may still complete. */
export const timeLimit = (limit: Duration, inner: Generator): Generator => new TimeLimit(limit, null, inner);

class TimeLimit implements Generator {
  readonly #limit: Duration;
  readonly #deadline: Instant | null;
  readonly #inner: Generator;

  constructor(limit: Duration, deadline: Instant | null, inner: Generator) {
    this.#limit = limit;
    this.#deadline = deadline;
    this.#inner = inner;
  }

  next(context: GeneratorContext): GeneratorStep {
    const deadline = this.#deadline ?? plus(context.now, this.#limit);
    if (context.now >= deadline) return { kind: 'done' };
    const step = this.#inner.next(context);
    if (step.kind === 'done') return step;
    const rest = new TimeLimit(this.#limit, deadline, step.rest);
    if (step.kind === 'call') return { ...step, rest };
    const until = step.until === 'event' || step.until > deadline ? deadline : step.until;
    return { kind: 'wait', until, rest };
  }

  update(event: GeneratorEvent): Generator {
    return passOn(event, this, this.#inner, (inner) => new TimeLimit(this.#limit, this.#deadline, inner));
  }
}
