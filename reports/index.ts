/** The reports that a run can write, in the order in which they are written. A new one is a file and a line here. */
import type { Reporter } from '../src/report/reporter.ts';
import { consoleReport } from './console.ts';
import { htmlReport } from './html/report.ts';
import { jsonReport } from './json.ts';

export const reports = {
  json: jsonReport,
  html: htmlReport,
  console: consoleReport,
} as const satisfies { readonly [name: string]: Reporter };

/** What `--report` may name. */
export type ReportName = keyof typeof reports;
