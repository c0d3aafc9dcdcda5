/** A thread of the pool. It ends by itself when it was told to finish and has decided everything that it was given. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Operation, Value } from '../history/operation.ts';
import { modelNamed } from '../models/catalogue.ts';
import { KeyTask } from './key-task.ts';
import { Rounds } from './rounds.ts';
import {
  sharedClock as clock,
  type FromWorker,
  type NumberedPart,
  type ToWorker,
  type WorkerSetup,
} from './worker-protocol.ts';

const { model: name, initial, deadline, bytes, witness } = workerData as WorkerSetup;
const model = modelNamed(name, initial);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const say = (message: FromWorker): void => parentPort?.postMessage(message);

const rounds = new Rounds({ deadline, bytes, clock }, (number, verdict) => say({ kind: 'decided', number, verdict }));

/** The keys of the present batch, by their number. */
const batch = new Map<number, { readonly key: Value; readonly operations: Operation[] }>();

function receive({ number, key, operations }: NumberedPart): void {
  const begun = batch.get(number);
  if (begun === undefined) batch.set(number, { key, operations: [...operations] });
  else for (const operation of operations) begun.operations.push(operation);
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'part') {
    for (const part of message.keys) receive(part);
    return;
  }
  if (message.kind === 'finish') {
    for (const _ of rounds.finish());
    parentPort?.close();
    return;
  }
  const tasks = [...batch].map(([number, { key, operations }]) => ({
    number,
    task: new KeyTask(model, key, operations, witness),
  }));
  batch.clear();
  for (const _ of rounds.begin(tasks));
  say({ kind: 'ready' });
});
