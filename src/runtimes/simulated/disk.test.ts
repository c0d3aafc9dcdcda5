import { expect, test } from 'vitest';
import { seeded } from '../../core/random.ts';
import type { DiskWrite } from '../../protocol/node-runtime.ts';
import { frameRecord } from '../../protocol/record-log.ts';
import { SimulatedDisk } from './disk.ts';

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
