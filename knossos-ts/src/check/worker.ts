/** A thread of the pool. It ends by itself when it was told to finish and has decided everything that it was given. */
import { parentPort, workerData } from 'node:worker_threads';
import { models } from '../models/catalogue.ts';
import { KeyTask } from './key-task.ts';
import { Rounds } from './rounds.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.ts';

const { model: name, initial, budget } = workerData as WorkerSetup;
const model = models[name](initial);
const clock = (): number => performance.now();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const say = (message: FromWorker): void => parentPort?.postMessage(message);

const rounds = new Rounds({ deadline: clock() + budget.milliseconds, bytes: budget.bytes, clock }, (number, verdict) =>
  say({ kind: 'decided', number, verdict }),
);

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'finish') {
    for (const _ of rounds.finish());
    parentPort?.close();
    return;
  }
  const tasks = message.keys.map(({ number, key, operations }) => ({
    number,
    task: new KeyTask(model, key, operations),
  }));
  for (const _ of rounds.begin(tasks));
  say({ kind: 'ready' });
});
