/** What `test` works on once the command line was understood, and how a finished run is shown. */
import { expand, type PlanRequest } from '../harness/expand.ts';
import { ordinaryLimits } from '../harness/models.ts';
import type { Test } from '../harness/plan.ts';
import { writeReports } from '../harness/reporting.ts';
import type { FinishedRun, RunSettings } from '../harness/run.ts';
import { catalogue } from './catalogue.ts';
import { reporters } from './reporters.ts';
import type { ChosenEnvironment } from './environments.ts';
import { programName } from './program.ts';
import type { Terminal } from './terminal.ts';
import { harnessVersion } from './version.ts';

export interface TestCommand {
  readonly request: PlanRequest;
  readonly chosen: ChosenEnvironment;
  readonly store: string;
  readonly json: boolean;
  readonly terminal: Terminal;
}

export const defaultStore = 'store';

/** The whole plan with another seed. */
export const testOf = (
  { request, chosen: { environment, reason } }: Pick<TestCommand, 'request' | 'chosen'>,
  seed: number,
): Test => expand({ ...request, seed }, { ...environment, reason }, catalogue);

export const settingsOf = ({ chosen, store }: TestCommand, test: Test, signal: AbortSignal): RunSettings => ({
  test,
  environment: chosen.environment,
  store,
  version: harnessVersion(),
  program: programName(),
  limits: ordinaryLimits,
  signal,
});

/** Writes all reports; the summary goes to the console, or the report as JSON. */
export async function showRun(
  { terminal, json }: Pick<TestCommand, 'terminal' | 'json'>,
  finished: FinishedRun,
): Promise<void> {
  const { report } = finished;
  for (const warning of finished.warnings) terminal.note(`Warning: ${warning}`);
  const print = json ? terminal.note : terminal.print;
  const chosen = Object.values(reporters).filter(({ name }) => !json || name !== 'console');
  await writeReports(finished, chosen, { print, colour: terminal.colour && !json });
  if (json) {
    const write = async (_path: string, content: string | Uint8Array): Promise<void> =>
      terminal.print(String(content).trimEnd());
    await reporters['json']?.write(report, finished.history, {
      folder: null,
      write,
      print: terminal.note,
      colour: false,
    });
    return;
  }
  if (report.trace !== null)
    terminal.print(`  trace       ${report.trace.events.toLocaleString('en')} events, hash ${report.trace.hash}`);
}
