/**
 * Outlives the harness by a moment. When the pipe from it ends, however the harness came to its end, it removes the
 * containers, the network and the volumes of its runs, paused nodes too, and the temporary files, and exits.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

type Message =
  | { readonly kind: 'run' | 'gone'; readonly run: string }
  /** A file or folder to remove at the end. */
  | { readonly kind: 'remove'; readonly path: string };

const runs = new Set<string>();
const paths: string[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.kind === 'remove') paths.push(message.path);
  else if (message.kind === 'run') runs.add(message.run);
  else runs.delete(message.run);
}

for (const path of paths) rmSync(path, { recursive: true, force: true });
if (runs.size > 0) await removeRuns();

async function removeRuns(): Promise<void> {
  // Only now: loading them costs half a second of processor, just while a cluster starts.
  const { probeEngine } = await import('./engine.ts');
  const { removeRun } = await import('./leftovers.ts');
  const engine = await probeEngine();
  if (!engine.available) return;
  // What the engine was just making when the harness died comes to light a little later.
  for (let round = 0; round < 4; round++) {
    for (const run of runs) await removeRun(engine.docker, run).catch(() => null);
    await sleep(500);
  }
}
