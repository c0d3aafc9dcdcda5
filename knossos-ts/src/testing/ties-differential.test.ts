/** Ties against brute force. KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkSync } from '../check/check.ts';
import { checkFile } from '../file/check-file.ts';
import { formatJsonLine } from '../formats/json-lines.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { checkModelsSync } from '../weak/check-models.ts';
import { consistencyModels, weakerThan } from '../weak/models.ts';
import { must } from './legal-order.ts';
import { below, seeded, type Random } from './seeded.ts';
import { tiedHistory, tryTies } from './tied-history.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test(
  `a check with ties and brute force agree on ${runs} small histories (seed ${seed})`,
  { timeout: 60_000 + runs * 10 },
  () => {
    const counts = new Map<string, number>();
    for (let run = 0; run < runs; run++) {
      const outcome = tryTies(seeded(seed + run));
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    console.log(counts);
    for (const outcome of ['legal', 'illegal', 'legal by ties']) {
      expect(counts.get(outcome) ?? 0).toBeGreaterThan(runs / 100);
    }
  },
);

/** Reads and writes of several keys, not all of them right, with many ties and with times that go back. */
function manyKeys(random: Random, back: number): HistoryEvent[] {
  const values = Array.from({ length: 8 }, () => 0);
  const events: HistoryEvent[] = [];
  let time = 0;
  const emit = (process: number, type: 'invoke' | 'ok', f: string, key: number, value: number | null): void => {
    time += random() < 0.6 ? 0 : random() < back ? -1 : 1;
    events.push({ index: events.length, time, process, type, f, key, value });
  };
  for (let round = 1; round <= 150; round++) {
    const [key, isRead, isLate] = [below(random, 8), random() < 0.5, random() < 0.02];
    emit(key, 'invoke', isRead ? 'read' : 'write', key, isRead ? null : round);
    const old = values[key] as number;
    if (!isRead) values[key] = round;
    // The read of what was there before is right only where a tie allows it.
    if (!isRead && isLate) {
      emit(20 + key, 'invoke', 'read', key, null);
      emit(key, 'ok', 'write', key, null);
      const other = (key + 1) % 8;
      emit(60 + other, 'invoke', 'read', other, null);
      emit(60 + other, 'ok', 'read', other, values[other] as number);
      emit(40 + key, 'invoke', 'read', key, null);
      emit(40 + key, 'ok', 'read', key, old);
      emit(20 + key, 'ok', 'read', key, round);
    } else emit(key, 'ok', isRead ? 'read' : 'write', key, isRead ? old : null);
  }
  return events;
}

test(`a file in parts is judged as the whole is, ties included (seed ${seed})`, { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ties-'));
  const seen = new Set<string>();
  try {
    for (let run = 0; run < 60; run++) {
      const events = manyKeys(seeded(seed + run), run % 2 === 0 ? 0 : 0.4);
      const path = join(folder, `${run}.jsonl`);
      writeFileSync(path, events.map((event) => `${formatJsonLine(event)}\n`).join(''));
      const options = { model: 'register', initial: 0, workers: 0 } as const;
      const [whole, parted] = [
        await checkFile(path, options),
        await checkFile(path, { ...options, bytesAtOnce: 6_000 }),
      ];
      expect(parted.parts).toBeGreaterThan(1);
      const told = ({ keys, tied }: typeof whole) => [tied, keys.map(({ key, verdict }) => [key, verdict.valid])];
      expect(told(parted)).toEqual(told(whole));
      const ordered = checkSync(events, { ...options, ties: 'ordered' }).verdict.valid;
      seen.add(`${whole.verdict.valid} ${ordered}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(seen).toContain('true false');
  expect(seen).toContain('false false');
});

test(
  `what is linearizable with ties keeps all weaker models, as far as they are known (seed ${seed})`,
  { timeout: 120_000 },
  () => {
    let onlyByTies = 0;
    for (let run = 0; run < 4_000; run++) {
      const { events, initial } = tiedHistory(seeded(seed + run), ['cas-register']);
      const { verdicts } = checkModelsSync(events, { models: 'all', initial });
      for (const model of consistencyModels.filter((one) => verdicts.get(one)?.valid === true)) {
        for (const weaker of weakerThan(model))
          must(verdicts.get(weaker)?.valid === true, () => `${model}, not ${weaker}`);
      }
      const linearizable = verdicts.get('linearizable')?.valid;
      const options = { model: 'cas-register', initial } as const;
      const [ordered, concurrent] = [checkSync(events, { ...options, ties: 'ordered' }), checkSync(events, options)];
      must(linearizable !== true || concurrent.verdict.valid === true, () => 'not even ties make it linearizable');
      must(ordered.verdict.valid !== true || linearizable === true, () => 'it is linearizable as it stands');
      must(concurrent.verdict.valid !== false || linearizable === false, () => 'ties do not help it');
      if (linearizable === true && ordered.verdict.valid === false) onlyByTies++;
    }
    console.log({ onlyByTies });
    expect(onlyByTies).toBeGreaterThan(0);
  },
);
