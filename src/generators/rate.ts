/**
 * Spreads calls over time (jepsen.generator/stagger). The calls are due at points of a random process with `perSecond`
 * points a second, over all threads. A call that comes late, since a timer was coarse or no thread was free, does not
 * move the next ones, so that the rate is kept; but what is more than `slack` behind is given up, so that a stall is
 * not followed by a burst.
 */
import { instant, milliseconds, type Duration } from '../core/time.ts';
import type { Random } from '../core/random.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';
import { passOn } from './wrapped.ts';

/** `exponential`: independent clients, with bursts and lulls. `uniform`: gaps between 0 and twice the mean. */
export type Gaps = 'exponential' | 'uniform';

export const slack: Duration = milliseconds(20);

/** `perSecond` above 0; Infinity is no limit at all. */
export const rate = (perSecond: number, inner: Generator, gaps: Gaps = 'exponential'): Generator =>
  perSecond === Infinity ? inner : new Rate({ mean: 1e9 / perSecond, gaps }, null, inner);

interface Pace {
  /** Nanoseconds between two calls. */
  readonly mean: number;
  readonly gaps: Gaps;
}

class Rate implements Generator {
  readonly #pace: Pace;
  /** When the next call is due; null before the first. */
  readonly #due: number | null;
  readonly #inner: Generator;

  constructor(pace: Pace, due: number | null, inner: Generator) {
    this.#pace = pace;
    this.#due = due;
    this.#inner = inner;
  }

  next(context: GeneratorContext): GeneratorStep {
    const { now, random } = context;
    const due = this.#due ?? now + gap(this.#pace, random);
    if (due > now) return { kind: 'wait', until: instant(Math.ceil(due)), rest: this.#with(due, this.#inner) };
    const step = this.#inner.next(context);
    if (step.kind === 'done') return step;
    if (step.kind === 'wait') return { ...step, rest: this.#with(due, step.rest) };
    const next = Math.max(due, now - slack) + gap(this.#pace, random);
    return { ...step, rest: this.#with(next, step.rest) };
  }

  update(event: GeneratorEvent): Generator {
    return passOn(event, this, this.#inner, (inner) => this.#with(this.#due, inner));
  }

  #with(due: number | null, inner: Generator): Generator {
    return due === this.#due && inner === this.#inner ? this : new Rate(this.#pace, due, inner);
  }
}

const gap = ({ mean, gaps }: Pace, random: Random): number =>
  gaps === 'uniform' ? 2 * mean * random.unit() : -mean * Math.log(1 - random.unit());
