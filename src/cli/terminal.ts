/** What the commands may do with the outside: print, and be interrupted. */
import { styleText } from 'node:util';

export interface Terminal {
  /** The result, to standard output. */
  readonly print: (text: string) => void;
  /** Everything else, to standard error. */
  readonly note: (text: string) => void;
  readonly colour: boolean;
}

export const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  colour: styleText('red', '', { stream: process.stdout }) !== '' && process.stdout.isTTY,
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal aborts what `work` was handed, and is answered with `word`; the second ends the program at once. */
export async function interruptible<T>(
  note: (text: string) => void,
  work: (signal: AbortSignal) => Promise<T>,
  word: string = 'Interrupted: healing the faults, stopping the nodes, then judging what there is.',
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      note('Leaving at once. What still runs is cleaned up behind us.');
      process.exit(130);
    }
    note(`${word} Once more leaves at once.`);
    controller.abort();
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
