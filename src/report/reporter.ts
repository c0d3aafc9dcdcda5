import type { HistoryEvent } from 'knossos-ts';
import type { RunReport } from './run-report.ts';

/** Turns a run into something to read. One that throws is named on the console and cannot break the run. */
export interface Reporter {
  readonly name: string;
  readonly summary: string;
  write(run: RunReport, history: readonly HistoryEvent[], files: ReportFiles): Promise<void>;
}

export interface ReportFiles {
  /** Where the run is kept, as the user may type it; null when it is not. */
  readonly folder: string | null;
  /** Writes a file into the folder of the run; the path is relative to it. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Prints lines to the console. */
  print(text: string): void;
  /** Whether what is printed goes to a terminal that shows colours. The caller honours NO_COLOR. */
  readonly colour: boolean;
}
