/** Shows a long run: one block that updates itself on a terminal, a plain line every few seconds elsewhere. */
import type { Progress } from '../harness/progress.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** Leaves the screen tidy. */
  end(): void;
}

const phases = {
  setup: 'waiting until the cluster serves',
  main: 'main phase',
  liveness: 'waiting for progress of a healthy part',
  heal: 'healing',
  quiesce: 'waiting until the cluster has recovered',
  final: 'final reads',
  converge: 'waiting until the nodes agree',
  end: 'ended',
} as const;

const blockEvery = 200;
const lineEvery = 5_000;

/** `milliseconds` reads a monotonic clock. */
export async function progressView(stream: NodeJS.WriteStream, milliseconds: () => number): Promise<ProgressView> {
  const block = stream.isTTY ? (await import('log-update')).createLogUpdate(stream) : null;
  const every = block === null ? lineEvery : blockEvery;
  let next = block === null ? milliseconds() + lineEvery : 0;
  return {
    show(progress) {
      const now = milliseconds();
      if (now < next) return;
      next = now + every;
      if (block === null) stream.write(`${progressLine(progress)}\n`);
      else block(progressBlock(progress));
    },
    end() {
      block?.clear();
      block?.done();
    },
  };
}

export const progressLine = ({ phase, counts, active, left }: Progress): string =>
  [
    `${counts.ok + counts.fail + counts.info} operations (${counts.ok} ok, ${counts.fail} fail, ${counts.info} info)`,
    active.length === 0 ? 'no fault' : active.join('; '),
    phase === 'main' ? `${Math.ceil(left)} s left` : phases[phase],
  ].join(' · ');

const progressBlock = (progress: Progress): string => {
  const { phase, counts, active, left } = progress;
  return [
    `  ${phase === 'main' ? `${Math.ceil(left)} s left` : phases[phase]}`,
    `  operations  ${counts.ok} ok, ${counts.fail} fail, ${counts.info} info`,
    `  fault       ${active.length === 0 ? 'none' : active.join('; ')}`,
  ].join('\n');
};
