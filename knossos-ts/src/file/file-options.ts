/** What a caller asks of the check of a file, and what it gets. */
import type { CheckOptions } from '../check/options.ts';
import type { FormatName } from '../formats/format.ts';
import type { ReadOptions } from '../formats/read-history.ts';
import type { Analysis } from '../verdict.ts';

export interface FileOptions extends CheckOptions, ReadOptions {
  /**
   * A file of at most so many bytes is taken into memory as a whole; of a larger one no more than that at a time.
   * Default an eighth of the memory that Node may use (`--max-old-space-size`).
   */
  readonly bytesAtOnce?: number;
  /** Where the parts of a large file are put while it is judged. Default the system's folder for temporary files. */
  readonly temporaryFolder?: string;
}

export interface FileAnalysis extends Analysis {
  readonly format: FormatName;
  /** Whether values were taken as `[key value]`. */
  readonly independent: boolean;
  /** Events, those of the nemesis included. */
  readonly events: number;
  readonly operations: number;
  /** The file broke off in the middle of an event, which was dropped: what was wrong there. */
  readonly torn?: string;
  /** In how many parts the file was judged: 1 where it fits into memory. */
  readonly parts: number;
  /** Part of `milliseconds`: reading the file, and sorting it by key where it does not fit into memory. */
  readonly readMilliseconds: number;
}

/** What is left of a time budget; Infinity where none was given. */
export const withTime = (options: FileOptions, milliseconds: number): FileOptions =>
  milliseconds === Infinity
    ? options
    : { ...options, budget: { ...options.budget, milliseconds: Math.max(milliseconds, 0) } };
