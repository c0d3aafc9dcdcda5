/**
 * Checks keys over worker threads. The threads fetch batches as they go; each key's verdict comes back as soon as it
 * is known, so that whatever ends a thread early (an abort, its deadline, its memory) costs only the keys that it had
 * not decided.
 */
import type { Verdict } from '../verdict.ts';
import { HiredWorker } from './hired-worker.ts';
import type { KeyHistory } from './key-history.ts';
import { defaultBudget, type CheckOptions } from './options.ts';
import { notBegun, type Limits } from './rounds.ts';
import { sharedClock, type NumberedHistory } from './worker-protocol.ts';

const operationsPerBatch = 4_000;

/** What a thread may take beyond its deadline to hand in what it has; then it is ended. */
const grace = (milliseconds: number): number => Math.max(400, milliseconds * 0.06);

/** By the place among these; undefined for those that no thread came to before an abort. */
export async function checkInPool(
  keys: readonly KeyHistory[],
  options: CheckOptions,
  limits: Limits,
  workers: number,
): Promise<(Verdict | undefined)[]> {
  const verdicts: (Verdict | undefined)[] = keys.map(() => undefined);
  const batches = inBatches(keys);
  const left = (): number => Math.max(limits.deadline - limits.clock(), 0);
  const total = options.budget?.milliseconds ?? defaultBudget.milliseconds;
  const hire = async (): Promise<void> => {
    const worker = new HiredWorker(
      {
        model: options.model,
        initial: options.initial ?? null,
        deadline: sharedClock() + left(),
        bytes: limits.bytes / workers,
        witness: options.witness ?? false,
      },
      () => (left() > 0 ? batches.shift() : undefined),
      verdicts,
    );
    await worker.run(left() + grace(total), options.signal);
  };
  const isOver = (): boolean => batches.length === 0 || options.signal?.aborted === true || left() === 0;
  if (!isOver()) await Promise.all(Array.from({ length: workers }, hire));
  // What a dead thread did not fetch is still there for a new one, which fetches at least one batch.
  while (!isOver()) await hire();
  if (options.signal?.aborted !== true) for (const { number } of batches.flat()) verdicts[number] = notBegun('time');
  return verdicts;
}

/** The long ones first, so that no thread is left alone with one at the end; the short ones together. */
function inBatches(keys: readonly KeyHistory[]): NumberedHistory[][] {
  const numbered = keys.map((history, number) => ({ number, history }));
  const batches: NumberedHistory[][] = [];
  let size = Infinity;
  for (const one of numbered.toSorted((some, other) => other.history.size - some.history.size)) {
    if (size + one.history.size > operationsPerBatch) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(one);
    size += one.history.size;
  }
  return batches;
}
