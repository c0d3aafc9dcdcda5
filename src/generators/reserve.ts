import { firstReady, replaced, type Children } from './first-ready.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';

/**
 * Threads 0 to `count` - 1 run the first generator and no other thread does; the rest run the second. Each side sees
 * its own threads and events only. When both could go on, the side is drawn by its number of free threads.
 */
export const reserve = (count: number, reserved: Generator, rest: Generator): Generator =>
  new Reserve(count, [reserved, rest]);

class Reserve implements Generator {
  readonly #count: number;
  readonly #children: Children;

  constructor(count: number, children: Children) {
    this.#count = count;
    this.#children = children;
  }

  next(context: GeneratorContext): GeneratorStep {
    const sides = [this.#view(context, 0), this.#view(context, 1)] as const;
    const drawn = context.random.below(context.free.length) < sides[0].free.length ? [0, 1] : [1, 0];
    // A side without any thread could never go on: it counts as done.
    const order = drawn.filter((side) => (side === 0 ? sides[0] : sides[1]).threads.length > 0);
    return firstReady(this.#children, order, {
      contextOf: (side) => {
        const view = side === 0 ? sides[0] : sides[1];
        return view.free.length === 0 ? null : view;
      },
      with: (children) => new Reserve(this.#count, children),
    });
  }

  update(event: GeneratorEvent): Generator {
    const side = event.thread < this.#count ? 0 : 1;
    const child = this.#children[side];
    if (child?.update === undefined) return this;
    const children = replaced(this.#children, side, child.update(event));
    return children === this.#children ? this : new Reserve(this.#count, children);
  }

  #view(context: GeneratorContext, side: number): GeneratorContext {
    const mine = ({ index }: { readonly index: number }): boolean => index < this.#count === (side === 0);
    return { ...context, free: context.free.filter(mine), threads: context.threads.filter(mine) };
  }
}
