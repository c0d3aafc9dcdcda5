import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeNames } from '../../core/ids.ts';
import type { Exit, Life, Wanted } from './real-node.ts';
import { RealNode } from './real-node.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'real-node-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const died: Exit = { code: 137, how: 'died of SIGKILL' };

/** A life that ends when the test says so, however often it was asked to. */
class StubbornLife implements Life {
  readonly killed: string = 'is gone';
  readonly begun: Promise<unknown>;
  readonly exited: Promise<Exit>;
  exit: (exit: Exit) => void = () => {};
  asked = 0;
  isOver = false;

  constructor(begun: Promise<unknown>) {
    this.begun = begun;
    this.exited = new Promise((resolve) => {
      this.exit = (exit) => {
        this.isOver = true;
        resolve(exit);
      };
    });
  }

  end(): void {
    this.asked++;
  }

  isGone(): boolean {
    return this.isOver;
  }

  observe(): Wanted {
    return this.isOver ? 'down' : 'running';
  }

  async stop(): Promise<null> {
    return null;
  }

  async resume(): Promise<null> {
    return null;
  }
}

function stage(begun: Promise<unknown> = Promise.resolve()) {
  const lives: StubbornLife[] = [];
  const exits: Exit[] = [];
  const state: { wanted: Wanted; answers: boolean; questions: number } = {
    wanted: 'running',
    answers: true,
    questions: 0,
  };
  const begin = (): StubbornLife => {
    const life = new StubbornLife(begun);
    lives.push(life);
    return life;
  };
  const node = new RealNode({
    name: nodeNames(1)[0] as ReturnType<typeof nodeNames>[number],
    vessel: { absence: 'is not there', begin },
    folder,
    wanted: () => state.wanted,
    answers: async () => {
      state.questions++;
      if (!state.answers) throw new Error('silent');
    },
    onExit: (exit) => exits.push(exit),
    patience: { start: 300, change: 60 },
  });
  const become = (wanted: Wanted): Promise<string> => {
    state.wanted = wanted;
    return node.settle();
  };
  return { node, lives, exits, become, state };
}

describe('a node that is slow to die', () => {
  it('is not started beside its former life, and its late end is nobody else’s', async () => {
    const { node, lives, exits, become } = stage();
    expect(await become('running')).toBe('runs (life 1) and answers');
    await expect(become('down')).rejects.toThrow('n1 is still there 60 ms after SIGKILL');
    expect(await node.observe()).toBe('running');
    const started = become('running');
    expect(lives).toHaveLength(1);
    lives[0]?.exit(died);
    expect(await started).toBe('runs (life 2) and answers');
    expect(exits).toEqual([]);
    expect(node.isAlive).toBe(true);
  });

  it('is asked again, and stays down with the reason as long as it does not go', async () => {
    const { lives, exits, become } = stage();
    await become('running');
    await expect(become('down')).rejects.toThrow('n1 is still there 60 ms after SIGKILL');
    await expect(become('running')).rejects.toThrow('n1 is still there 300 ms after SIGKILL');
    expect(lives).toHaveLength(1);
    expect(lives[0]?.asked).toBe(3);
    lives[0]?.exit(died);
    expect(await become('down')).toBe('is gone');
    expect(await become('down')).toBe('is not there');
    expect(exits).toEqual([]);
    expect(readFileSync(join(folder, 'node.log'), 'utf8')).toContain('n1 was killed');
  });
});

describe('a node that starts and stays silent', () => {
  it('is taken down and refused with just that, and has another chance', async () => {
    const { lives, exits, become, state } = stage();
    state.answers = false;
    const started = become('running');
    await expect.poll(() => lives[0]?.asked, { interval: 5 }).toBe(1);
    lives[0]?.exit(died);
    await expect(started).rejects.toThrow(/^n1 did not start: it did not answer within 0\.3 s\. Its log ends with/);
    state.answers = true;
    expect(await become('running')).toBe('runs (life 2) and answers');
    expect(exits).toEqual([]);
  });
});

describe('a node whose program takes long to run', () => {
  it('is asked nothing before, and has all of its time afterwards', async () => {
    let begin = (): void => {};
    const { state, become } = stage(new Promise<void>((resolve) => (begin = resolve)));
    const started = become('running');
    // Longer than a node has to answer.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(state.questions).toBe(0);
    begin();
    expect(await started).toBe('runs (life 1) and answers');
    expect(state.questions).toBe(1);
  });

  it('is told of at once when it ends before', async () => {
    const { lives, state, become } = stage(new Promise(() => {}));
    const started = become('running');
    await expect.poll(() => lives, { interval: 5 }).toHaveLength(1);
    lives[0]?.exit(died);
    await expect(started).rejects.toThrow(/^n1 did not start: it died of SIGKILL\./);
    expect(state.questions).toBe(0);
  });
});

describe('a node that exits unbidden', () => {
  it('is told of with all that is known of its exit', async () => {
    const { lives, exits, become } = stage();
    await become('running');
    const trouble: Exit = { code: null, how: 'was lost sight of', isTrouble: true };
    lives[0]?.exit(trouble);
    await expect.poll(() => exits).toEqual([trouble]);
  });
});
