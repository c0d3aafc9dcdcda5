import type { Generator, GeneratorEvent } from './generator.ts';

/** Passes an event on to the one generator that another wraps: `rebuild` gives the wrapper of what became of it. */
export function passOn(
  event: GeneratorEvent,
  wrapper: Generator,
  inner: Generator,
  rebuild: (inner: Generator) => Generator,
): Generator {
  const updated = inner.update?.(event) ?? inner;
  return updated === inner ? wrapper : rebuild(updated);
}
