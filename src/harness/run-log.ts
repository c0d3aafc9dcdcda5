/** harness.log: what the harness did and when, line by line as it happens, also the error that ended it. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './progress.ts';

export interface RunLog {
  write(text: string): void;
  /** Notes a change of the phase or of the faults that are active. */
  follow(progress: Progress): void;
}

export const silentLog: RunLog = { write: () => {}, follow: () => {} };

export function fileLog(folder: string): RunLog {
  const path = join(folder, 'harness.log');
  const write = (text: string): void => appendFileSync(path, `${new Date().toISOString()} ${text}\n`);
  let last = '';
  return {
    write,
    follow({ phase, active, counts: { ok, fail, info } }) {
      const state = [phase, ...active].join(', ');
      if (state === last) return;
      last = state;
      write(`${state} (${ok} ok, ${fail} fail, ${info} info so far)`);
    },
  };
}
