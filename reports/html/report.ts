import type { Reporter } from '../../src/report/reporter.ts';
import { page } from './page.ts';

export const htmlReport: Reporter = {
  name: 'html',
  summary: 'index.html: the verdict, the counterexample and the faults, in one file that needs no network',
  async write(run, history, files) {
    await files.write('index.html', page(run, history));
  },
};
