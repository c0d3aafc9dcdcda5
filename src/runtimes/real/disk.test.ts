import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DiskWrite } from '../../protocol/node-runtime.ts';
import { frameRecord } from '../../protocol/record-log.ts';
import { RealDisk } from './disk.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-'));
});
afterEach(() => rm(folder, { recursive: true }));

const append = (...records: string[]): DiskWrite => ({ kind: 'append', records });
const replace = (...records: string[]): DiskWrite => ({ kind: 'replace', records });

const flush = (disk: RealDisk, write: DiskWrite): Promise<Error | null> =>
  new Promise((resolve) => disk.flush(write, resolve));

const recovered = async (): Promise<readonly string[]> => {
  const { disk, records } = await RealDisk.open(folder);
  await disk.close();
  return records;
};

/** Writes in one life; says what the next life finds. */
const survivors = async (...writes: DiskWrite[]): Promise<readonly string[]> => {
  const { disk } = await RealDisk.open(folder);
  for (const write of writes) expect(await flush(disk, write)).toBeNull();
  await disk.close();
  return await recovered();
};

describe('the real disk', () => {
  test('keeps what was appended, in order, over several lives', async () => {
    expect(await survivors(append('1', '2'), append('{"ü":"😀"}'))).toEqual(['1', '2', '{"ü":"😀"}']);
    expect(await survivors(append('4'))).toEqual(['1', '2', '{"ü":"😀"}', '4']);
  });

  test('replaces the whole log, and appends to the new one', async () => {
    expect(await survivors(append('1', '2'), replace('3'), append('4'))).toEqual(['3', '4']);
    expect(await survivors(replace())).toEqual([]);
  });

  test('cuts off a torn tail, wherever it was torn, and goes on behind it', async () => {
    const whole = Buffer.from(frameRecord('"ünbroken"'));
    for (let left = 1; left < whole.length; left++) {
      await writeFile(join(folder, 'log'), Buffer.concat([Buffer.from(frameRecord('"ä"')), whole.subarray(0, left)]));
      const { disk, records, cut } = await RealDisk.open(folder);
      expect({ records, cut }).toEqual({ records: ['"ä"'], cut: left });
      expect(await flush(disk, append('2'))).toBeNull();
      await disk.close();
      expect(await recovered()).toEqual(['"ä"', '2']);
    }
  });

  test('refuses a log that is damaged before its end, and leaves it as it is', async () => {
    await survivors(append('"one"', '"two"', '"three"'));
    const path = join(folder, 'log');
    const damaged = (await readFile(path, 'utf8')).replace('two', 'owt');
    await writeFile(path, damaged);
    await expect(RealDisk.open(folder)).rejects.toThrow(
      new RegExp(`^${path}: Record 2 of the log does not match its checksum`),
    );
    expect(await readFile(path, 'utf8')).toBe(damaged);
  });

  test('keeps the old log when a replacement was not finished', async () => {
    await survivors(append('"old"'));
    await writeFile(join(folder, 'log.next'), frameRecord('"new"').slice(0, 5));
    expect(await survivors(append('"more"'))).toEqual(['"old"', '"more"']);
    await expect(readFile(join(folder, 'log.next'))).rejects.toThrow('ENOENT');
  });

  test('has written everything when it says so', async () => {
    const { disk } = await RealDisk.open(folder);
    expect(await flush(disk, append('1'))).toBeNull();
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe(frameRecord('1'));
    expect(await flush(disk, replace('2'))).toBeNull();
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe(frameRecord('2'));
    await disk.close();
  });

  test('passes an error on, and refuses a second flush while one is in progress', async () => {
    const { disk } = await RealDisk.open(folder);
    const first = flush(disk, append('1'));
    expect(() => disk.flush(append('2'), () => {})).toThrow('a flush was asked for while another one was in progress');
    expect(await first).toBeNull();
    await disk.close();
    expect(await flush(disk, append('3'))).toMatchObject({ code: 'EBADF' });
    await rm(folder, { recursive: true });
    expect(await flush(disk, replace('4'))).toMatchObject({ code: 'ENOENT' });
    await mkdir(folder);
  });
});
