/** `harness test`: one run, or many with seeds that count up. */
import { UsageError } from '../core/errors.ts';
import { expand } from '../harness/expand.ts';
import type { Test } from '../harness/plan.ts';
import { run } from '../harness/run.ts';
import { runBatch } from './batch.ts';
import { catalogue } from './catalogue.ts';
import { chooseEnvironment } from './environments.ts';
import { type Texts, countOf, limitsFrom, requestFrom, textOf } from './flags.ts';
import { progressView } from './progress.ts';
import { type Terminal, interruptible } from './terminal.ts';
import { type TestCommand, defaultStore, settingsOf, showRun, testOf } from './test-command.ts';

export async function testCommand(flags: Texts, terminal: Terminal): Promise<number> {
  const request = requestFrom(flags, Object.keys(catalogue.systems));
  const count = countOf(flags, 'test-count', 1);
  const choice = await chooseEnvironment(textOf(flags, 'env'), limitsFrom(flags));
  const json = flags['json'] === true;
  // What is wrong with the arguments is said before anything is built that takes a while.
  expand(request, choice, catalogue);
  if (request.seed > Number.MAX_SAFE_INTEGER - count + 1)
    throw new UsageError(`--seed ${request.seed} leaves no room for ${count} seeds. Use a smaller one.`);
  const say = json ? terminal.note : terminal.print;
  say(`Environment: ${choice.name}, because ${choice.reason}. Seed: ${request.seed}.`);
  return interruptible(terminal.note, async (signal) => {
    const environment = await opened(
      () =>
        choice.open({ tryPackets: /\b(?:packets|all)\b/.test(request.nemesis ?? ''), progress: terminal.note, signal }),
      signal,
    );
    if (environment === null) return interruptedCode;
    const chosen = { environment, reason: choice.reason };
    const command: TestCommand = { request, chosen, store: textOf(flags, 'store') ?? defaultStore, json, terminal };
    const test = testOf(command, request.seed);
    return count === 1 ? single(command, test, signal) : runBatch(command, count, signal);
  });
}

const interruptedCode = 2;

/** Null when it was interrupted. */
async function opened<T>(open: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await open();
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

async function single(command: TestCommand, test: Test, signal: AbortSignal): Promise<number> {
  const view = await progressView(process.stderr, () => performance.now());
  try {
    const finished = await run({ ...settingsOf(command, test, signal), onProgress: (progress) => view.show(progress) });
    view.end();
    await showRun(command, finished);
    return finished.report.outcome.exitCode;
  } catch (error) {
    if (!signal.aborted) throw error;
    command.terminal.note('Interrupted before there was anything to judge.');
    return interruptedCode;
  } finally {
    view.end();
  }
}
