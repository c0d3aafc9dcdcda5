import { firstReady, replaced, type Children } from './first-ready.ts';
import type { Generator, GeneratorContext, GeneratorEvent, GeneratorStep } from './generator.ts';

/**
 * Each thread runs a copy of its own, which sees that thread and its events only. Done when all copies are. Threads
 * are asked in random order, so that none is favoured.
 */
export const eachThread = (generator: Generator): Generator => new EachThread(generator, []);

class EachThread implements Generator {
  readonly #fresh: Generator;
  /** By the index of the thread; absent: not begun. */
  readonly #copies: Children;

  constructor(fresh: Generator, copies: Children) {
    this.#fresh = fresh;
    this.#copies = copies;
  }

  next(context: GeneratorContext): GeneratorStep {
    const last = Math.max(...context.threads.map((thread) => thread.index));
    const copies = Array.from({ length: last + 1 }, (_, index) => this.#copy(index));
    const free = new Map(context.free.map((thread) => [thread.index, thread]));
    const order = context.random.shuffle(context.threads.map((thread) => thread.index));
    return firstReady(copies, order, {
      contextOf: (index) => {
        const thread = free.get(index);
        return thread === undefined ? null : { ...context, free: [thread], threads: [thread] };
      },
      with: (children) => new EachThread(this.#fresh, children),
    });
  }

  update(event: GeneratorEvent): Generator {
    const copy = this.#copy(event.thread);
    if (copy?.update === undefined || event.thread >= this.#copies.length) return this;
    const copies = replaced(this.#copies, event.thread, copy.update(event));
    return copies === this.#copies ? this : new EachThread(this.#fresh, copies);
  }

  #copy(index: number): Generator | null {
    const copy = this.#copies[index];
    return copy === undefined ? this.#fresh : copy;
  }
}
