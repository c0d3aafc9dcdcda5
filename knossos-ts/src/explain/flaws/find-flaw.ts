/** The violations of each model that can be seen without a search. */
import type { Operation } from '../../history/operation.ts';
import { textWords } from '../../models/append-string.ts';
import { counterWords, type Count } from '../../models/counter.ts';
import { queueWords, type Contents } from '../../models/fifo-queue.ts';
import type { Model } from '../../models/model.ts';
import { mutexWords, type Lock } from '../../models/mutex.ts';
import { setWords, type Members } from '../../models/set.ts';
import type { Possibilities } from '../../models/unordered-queue.ts';
import { counterFlaw } from './counter-flaws.ts';
import type { Flaw } from './flaw.ts';
import { mutexFlaw } from './mutex-flaws.ts';
import { queueFlaw } from './queue-flaws.ts';
import { setFlaw } from './set-flaws.ts';
import { textFlaw } from './text-flaws.ts';

/** Beyond so many operations the look at all of them would take longer than one piece of work may. */
const most = 200_000;

/** Undefined also for models that have no such list; it does not mean that the history is legal. */
export function findFlaw(model: Model<unknown>, history: readonly Operation[]): Flaw | undefined {
  if (history.length > most) return undefined;
  const { name, words, init } = model;
  // The words tell the models of the catalogue from others that may have the same name.
  if (words === setWords) return setFlaw(history, init as Members, setWords);
  if (words === counterWords) return counterFlaw(history, init as Count, counterWords);
  if (words === mutexWords) return mutexFlaw(history, init as Lock, mutexWords);
  if (words === textWords) return textFlaw(history, textWords);
  if (words !== queueWords) return undefined;
  if (name === 'fifo-queue') return queueFlaw(history, init as Contents, true);
  return queueFlaw(history, (init as Possibilities)[0] ?? [], false);
}
