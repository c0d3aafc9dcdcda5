/** Hands a finished run to its reporters. One that throws is named, and cannot break the run or the others. */
import { messageOf } from '../core/errors.ts';
import type { Reporter } from '../report/reporter.ts';
import type { FinishedRun } from './run.ts';

export interface Console {
  readonly print: (text: string) => void;
  readonly colour: boolean;
}

export async function writeReports(
  { report, history, folder }: FinishedRun,
  reporters: Iterable<Reporter>,
  { print, colour }: Console,
): Promise<void> {
  for (const reporter of reporters) {
    try {
      await reporter.write(report, history, {
        folder: folder?.path ?? null,
        write: async (path, content) => folder?.write(path, content),
        print,
        colour,
      });
    } catch (error) {
      print(`The report ${reporter.name} failed: ${messageOf(error)}`);
    }
  }
}
