/** The generator, the clients and the journal to a real file, against a machine that answers at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drive } from '../src/harness/drive.ts';
import { expand } from '../src/harness/expand.ts';
import { Journal, fileSink } from '../src/harness/journal.ts';
import type { Test } from '../src/harness/plan.ts';
import { nemeses } from '../nemeses/index.ts';
import { workloads } from '../workloads/index.ts';
import { InstantCluster } from './instant-cluster.ts';
import { instantSystem } from './instant-system.ts';
import { type Figure, measured } from './figure.ts';

const secondsOfLoad = 5;

export async function driverFigure(): Promise<Figure> {
  const catalogue = { systems: { instant: instantSystem }, workloads, nemeses };
  const request = { system: 'instant', seed: 1, timeLimit: secondsOfLoad };
  const { plan, ...names } = expand(request, { name: 'local', reason: '', faults: new Set() }, catalogue);
  const test: Test = { plan: { ...plan, rate: Infinity }, ...names };
  const folder = mkdtempSync(join(tmpdir(), 'harness-bench-'));
  try {
    await using cluster = new InstantCluster(plan.nodes);
    using journal = new Journal(fileSink(join(folder, 'history.jsonl')));
    return await measured('driver', 'operations', async () => {
      await drive({ test, cluster, journal, signal: new AbortController().signal });
      return journal.events.filter(({ type }) => type === 'ok').length;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
