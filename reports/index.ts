/** The registry of reports: they are written in the order of its keys. A new one is a file and a line here. */
import type { Reporter } from '../src/report/reporter.ts';
import { consoleReport } from './console.ts';
import { htmlReport } from './html/report.ts';
import { jsonReport } from './json.ts';

export const reports: { readonly json: Reporter; readonly html: Reporter; readonly console: Reporter } = {
  json: jsonReport,
  html: htmlReport,
  console: consoleReport,
};
