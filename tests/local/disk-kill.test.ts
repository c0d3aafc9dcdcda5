import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { seeded } from '../../src/core/random.ts';
import { RealDisk } from '../../src/runtimes/real/disk.ts';
import { diskDriver } from './programs.ts';

test('a process that is killed at any moment leaves every record that it called durable, and a log that is wholly old or wholly new', async () => {
  const seed = Date.now();
  const random = seeded(seed);
  const folder = mkdtempSync(join(tmpdir(), 'disk-kill-'));
  for (let life = 1; life <= 12; life++) {
    // Each life goes on where the one before was killed.
    const child = execa(process.execPath, [fileURLToPath(diskDriver), folder], { reject: false, lines: true });
    const lastHeard = 1 + random.below(40);
    let durable = 0;
    let heard = 0;
    for await (const line of child) {
      heard++;
      durable = Number(line);
      // A moment later it is anywhere in its next writes.
      if (heard === lastHeard) setTimeout(() => child.kill('SIGKILL'), random.below(8));
    }
    await child;
    const { disk, records } = await RealDisk.open(folder);
    await disk.close();
    const kept = records.map((record) => JSON.parse(record) as { number: number; kind: string });
    const first = kept[0]?.number ?? 0;
    const last = kept.at(-1)?.number ?? 0;
    // The log begins with the newest replacement, or with the very first record, and has no gap.
    const whole = Array.from({ length: last - first + 1 }, (_, index) => first + index).map((number) => ({
      number,
      kind: number % 5 === 0 ? 'replace' : 'append',
    }));
    expect({ seed, life, kept }).toEqual({ seed, life, kept: whole });
    expect({ seed, life, first }).toEqual({ seed, life, first: Math.max(1, last - (last % 5)) });
    // The last line may have lost a digit to the kill; it is then smaller.
    expect({ seed, life, kept: last >= durable }).toEqual({ seed, life, kept: true });
  }
  rmSync(folder, { recursive: true });
});
