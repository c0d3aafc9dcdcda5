import { expect, test } from 'vitest';
import { seeded } from '../../core/random.ts';
import type { DiskWrite } from '../../protocol/node-runtime.ts';
import { milliseconds } from '../../core/time.ts';
import { frameRecord, readRecords } from '../../protocol/record-log.ts';
import { SimulatedDisk } from './disk.ts';
import { Timeline } from './timeline.ts';

/** A disk with one durable record and a flush under way, whose end the test may let happen. */
function diskWith(seed: number, write: DiskWrite): { disk: SimulatedDisk; finish: () => void; answers: unknown[] } {
  const due: (() => void)[] = [];
  const disk = new SimulatedDisk(seeded(seed), (_delay, fire) => void due.push(fire));
  const answers: unknown[] = [];
  disk.flush({ kind: 'append', records: ['"old"'] }, () => {});
  due.shift()?.();
  disk.flush(write, (error) => answers.push(error));
  return { disk, finish: () => due.shift()?.(), answers };
}

const append: DiskWrite = { kind: 'append', records: ['"a"', '"b"', '"c"'] };

test('what was flushed is read back in order, and the flush is answered once', () => {
  const { disk, finish, answers } = diskWith(1, append);
  expect(answers).toEqual([]);
  finish();
  expect(answers).toEqual([null]);
  expect(disk.read()).toEqual(['"old"', '"a"', '"b"', '"c"']);
});

test('a crash during an append keeps any prefix, over the seeds each of them, and never what came before in doubt', () => {
  const survivors = new Set<string>();
  for (let seed = 1; seed <= 100; seed++) {
    const { disk } = diskWith(seed, append);
    disk.crash();
    survivors.add(disk.read().join(' '));
  }
  expect([...survivors].toSorted()).toEqual(['"old"', '"old" "a"', '"old" "a" "b"', '"old" "a" "b" "c"']);
});

test('a full disk takes nothing, and neither does a crash leave anything of what it refused, until there is room', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { disk, finish } = diskWith(seed, append);
    finish();
    const [answers, struck]: [unknown[], number[]] = [[], []];
    const makeRoom = disk.useUp(new Error('no room'), () => struck.push(answers.length));
    for (const write of [append, { kind: 'replace', records: ['"x"'] } as const]) {
      disk.flush(write, (error) => answers.push(error?.message));
      if (seed % 2 === 0) disk.crash();
      finish();
      disk.crash();
    }
    disk.probe((error) => answers.push(error?.message));
    finish();
    expect([answers, struck]).toEqual([
      ['no room', 'no room', 'no room'],
      [1, 2],
    ]);
    expect(disk.read()).toEqual(['"old"', '"a"', '"b"', '"c"']);

    makeRoom();
    disk.flush({ kind: 'append', records: ['"d"'] }, (error) => answers.push(error));
    finish();
    expect(answers.at(-1)).toBe(null);
    expect(disk.read()).toEqual(['"old"', '"a"', '"b"', '"c"', '"d"']);
  }
});

test('a torn tail is cut off for good: what is appended afterwards is whole', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { disk, finish } = diskWith(seed, append);
    disk.crash();
    const kept = disk.read();
    finish();
    disk.flush({ kind: 'append', records: ['"next"'] }, () => {});
    finish();
    expect(disk.read().slice(0, kept.length)).toEqual(kept);
  }
});

test('a crash during a replacement leaves wholly the old log or wholly the new one, over the seeds both', () => {
  const survivors = new Set<string>();
  for (let seed = 1; seed <= 50; seed++) {
    const { disk } = diskWith(seed, { kind: 'replace', records: ['"x"', '"y"'] });
    disk.crash();
    survivors.add(disk.read().join(' '));
  }
  expect([...survivors].toSorted()).toEqual(['"old"', '"x" "y"']);
});

test('a record may be torn anywhere, and the framing sees it', () => {
  expect(frameRecord('"a"')).toMatch(/^3 \w+ "a"\n$/);
});

/** A disk on a timeline of its own. */
function freeDisk(seed = 1): {
  disk: SimulatedDisk;
  timeline: Timeline;
  flush: (write?: DiskWrite) => (Error | null)[];
} {
  const timeline = new Timeline();
  const simulated = new SimulatedDisk(seeded(seed), (delay, fire) => void timeline.after(delay, fire));
  const flush = (write: DiskWrite = append): (Error | null)[] => {
    const answers: (Error | null)[] = [];
    simulated.flush(write, (error) => answers.push(error));
    while (timeline.advance());
    return answers;
  };
  return { disk: simulated, timeline, flush };
}

test('the slowest of the active delays holds, for writes and for probes, and its end gives the ordinary speed back', () => {
  const { disk: simulated, timeline, flush } = freeDisk();
  const took = (act: () => void): number => {
    const begun = timeline.now();
    act();
    while (timeline.advance());
    return (timeline.now() - begun) / 1e6;
  };
  const [first, second] = [simulated.slow(milliseconds(50)), simulated.slow(milliseconds(20))];
  expect(took(() => flush())).toBe(50);
  first();
  expect(took(() => simulated.probe(() => {}))).toBe(20);
  second();
  expect(took(() => flush())).toBeLessThan(1);
});

test('a disk that is told to fail fails the next write once, and a crash then keeps a prefix of it', () => {
  const survivors = new Set<string>();
  for (let seed = 1; seed <= 100; seed++) {
    const { disk: simulated, flush } = freeDisk(seed);
    const error = new Error('EIO');
    let struck = 0;
    simulated.failNext(error, () => struck++);
    expect(flush()).toEqual([error]);
    expect(struck).toBe(1);
    simulated.crash();
    survivors.add(simulated.read().join(' '));
    expect(flush()).toEqual([null]);
  }
  expect([...survivors].toSorted()).toEqual(['', '"a"', '"a" "b"', '"a" "b" "c"']);
});

test('a fault that was taken back in time fails nothing', () => {
  const { disk: simulated, flush } = freeDisk();
  simulated.failNext(new Error('EIO'), () => expect.unreachable())();
  simulated.interruptNext(() => expect.unreachable())();
  expect(flush()).toEqual([null]);
});

test('an interruption comes in the midst of an append, and the crash then leaves a torn record for certain', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { disk: simulated, flush } = freeDisk(seed);
    flush({ kind: 'append', records: ['"old"'] });
    let torn = false;
    simulated.interruptNext(() => {
      simulated.crash(true);
      torn = readRecords(simulated.contents()).torn;
    });
    flush({ kind: 'replace', records: ['"new"'] });
    expect(torn).toBe(false);
    flush();
    expect(torn, `seed ${seed}`).toBe(true);
  }
});
