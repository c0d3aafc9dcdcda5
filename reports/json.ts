/**
 * results.json: the report contract as it is, for machines. JSON has neither big integers nor infinity: a big integer
 * becomes `{"bigint":"9007199254740993"}`, and the missing end of an operation that was never answered becomes null.
 */
import type { Reporter } from '../src/report/reporter.ts';
import type { RunReport } from '../src/report/run-report.ts';

export const jsonReport: Reporter = {
  name: 'json',
  summary: 'results.json: the verdicts and everything that backs them, for other programs',
  async write(run, _history, files) {
    await files.write('results.json', resultsText(run));
  },
};

/** `run.schema` is its first field and says how to read the rest. */
export const resultsText = (run: RunReport): string =>
  `${JSON.stringify(run, (_, part: unknown) => (typeof part === 'bigint' ? { bigint: String(part) } : part), 2)}\n`;
