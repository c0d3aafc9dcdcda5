/**
 * A history that no engine decides quickly: cas between all pairs of some values, all at the same time, and two more from
 * one value. Each must happen once, which no walk along them allows (Euler's condition fails); but whatever is smaller is
 * legal.
 */
import type { HistoryEvent } from '../history/operation.ts';
import { Script } from './script.ts';

export function allPairs(key: string, values: number): HistoryEvent[] {
  const script = new Script(key).does(values * values, 'write', 0, null);
  const pairs = Array.from(
    { length: values * values },
    (_, pair) => [Math.floor(pair / values), pair % values] as const,
  );
  const swaps = [...pairs.filter(([from, to]) => from !== to), [1, 2], [1, 3]];
  for (const [process, swap] of swaps.entries()) script.invoke(process, 'cas', [...swap]);
  for (const process of swaps.keys()) script.ok(process, 'cas', { swapped: true });
  return script.events;
}
