import { nodeNames, processId } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import { instant } from '../../core/time.ts';
import { calls } from '../calls.ts';
import type { Generator, GeneratorContext } from '../generator.ts';
import { homeOf } from '../interpreter.ts';

/** Calls of that function without end. */
export const named = (f: string): Generator => calls(() => ({ f, key: 'k1', value: null }));

/** A context in which the threads with the given indexes are free. */
export function contextOf(threadCount: number, free: readonly number[], at = 0, seed = 1): GeneratorContext {
  const nodes = nodeNames(2);
  const threads = Array.from({ length: threadCount }, (_, index) => {
    const process = processId(index);
    return { index, process, home: homeOf(process, nodes) };
  });
  const isFree = ({ index }: { readonly index: number }): boolean => free.includes(index);
  return { now: instant(at), free: threads.filter(isFree), threads, random: seeded(seed) };
}
