/**
 * An engine that hangs, or is behind a network that died, leaves every question open, and with it a run that only wants
 * to end. Its client knows no limit but one for silence, which would also end what is rightly silent for long. So each
 * question gets its limit here, at the one place that all of them pass.
 */
import type Docker from 'dockerode';
import { HarnessError } from '../../core/errors.ts';

/** Milliseconds. To start a container takes many seconds on a machine under load. */
const ordinaryLimit = 60_000;

interface Question {
  readonly method: string;
  readonly path: string;
  /** What is sent with it, and may be long. */
  readonly file?: unknown;
  abortSignal?: AbortSignal | undefined;
}

type Callback = (error: unknown, answer: unknown) => void;

interface Modem {
  dial(question: Question, callback: Callback): void;
}

/** The same client, whose questions are rejected when they were not answered in so many milliseconds. */
export function withAnswerLimit(docker: Docker, endpoint: string, limit: number = ordinaryLimit): Docker {
  const modem = docker.modem as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (question, callback) => {
    if (hasItsOwnLimit(question)) return dial(question, callback);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), limit);
    const what = `${question.method} ${question.path.split('?', 1)[0]}`;
    question.abortSignal = controller.signal;
    dial(question, (error, answer) => {
      clearTimeout(timer);
      const isLate = controller.signal.aborted;
      callback(isLate ? new HarnessError(late(endpoint, limit, what)) : error, isLate ? null : answer);
    });
  };
  return docker;
}

/** Whoever brings a signal knows when it is enough; what a build or an import sends is limited by its sender. */
const hasItsOwnLimit = ({ abortSignal, file }: Question): boolean => abortSignal !== undefined || file !== undefined;

const late = (endpoint: string, limit: number, what: string): string =>
  `The engine at ${endpoint} did not answer within ${limit / 1000} s (${what})`;
