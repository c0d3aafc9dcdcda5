/**
 * Outlives the harness by a moment. It reads what the harness owns from a pipe; when the pipe ends, however the harness
 * came to its end, it kills every process that is left, stopped ones too, removes the temporary files and exits.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../real/process-table.ts';
import { isAlive, killProcess } from '../real/process-table.ts';

type Message =
  | { readonly kind: 'started' | 'gone'; readonly process: ProcessIdentity }
  /** A file or folder to remove at the end. */
  | { readonly kind: 'remove'; readonly path: string };

const processes = new Map<number, ProcessIdentity>();
const paths: string[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.kind === 'remove') paths.push(message.path);
  else if (message.kind === 'started') processes.set(message.process.pid, message.process);
  else processes.delete(message.process.pid);
}

for (let round = 0; round < 50; round++) {
  const left = [...processes.values()].filter(isAlive);
  if (left.length === 0) break;
  for (const identity of left) killProcess(identity);
  await sleep(10);
}
for (const path of paths) rmSync(path, { recursive: true, force: true });
