import { describe, expect, it } from 'vitest';
import type { Progress } from '../harness/progress.ts';
import { progressView } from './progress.ts';

const progress: Progress = {
  phase: 'main',
  counts: { ok: 90, fail: 2, info: 1 },
  active: ['partition n3 | n1 n2'],
  left: 11.2,
};

/** A stream and a clock of our own. */
async function viewing(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, columns: 80, rows: 24, write: (text: string) => written.push(text) };
  return { view: await progressView(stream as never, () => clock.now), written, clock };
}

describe('progress', () => {
  it('is a plain line every five seconds where there is no terminal', async () => {
    const { view, written, clock } = await viewing(false);
    for (clock.now = 0; clock.now <= 11_000; clock.now += 100) view.show(progress);
    view.end();
    const line = '93 operations (90 ok, 2 fail, 1 info) · partition n3 | n1 n2 · 12 s left\n';
    expect(written).toEqual([line, line]);
  });

  it('says what it waits for outside of the main phase', async () => {
    const { view, written, clock } = await viewing(false);
    clock.now = 6_000;
    view.show({ ...progress, phase: 'quiesce', active: [] });
    expect(written).toEqual([
      '93 operations (90 ok, 2 fail, 1 info) · no fault · waiting until the cluster has recovered\n',
    ]);
  });

  it('is one block on a terminal, and gone at the end', async () => {
    const { view, written } = await viewing(true);
    view.show(progress);
    const text = written.join('');
    for (const part of ['12 s left', '90 ok, 2 fail, 1 info', 'partition n3 | n1 n2']) expect(text).toContain(part);
    written.length = 0;
    view.end();
    expect(written.join('')).not.toContain('s left');
  });
});
