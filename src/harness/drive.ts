/** Drives a cluster through one run. What goes wrong in harness itself ends the run, and is thrown when it has ended. */
import { type Drive, Driver } from './driver.ts';
import { guard } from './guarded.ts';

/** Resolves when the end mark is in the journal. Rejects when the harness itself failed. */
export async function drive(plan: Drive): Promise<void> {
  const failures: unknown[] = [];
  let driver: Driver | undefined;
  await plan.cluster.run((finish) => {
    const safe = guard((error) => {
      failures.push(error);
      plan.journal.flush();
      finish();
    });
    safe(() => {
      driver = new Driver(plan, safe, finish);
      driver.begin();
    })();
  });
  if (failures.length > 0) throw failures[0];
  driver?.close();
}
