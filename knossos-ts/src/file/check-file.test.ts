import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../check/check.ts';
import { formatHistory } from '../formats/write-history.ts';
import type { FormatName } from '../formats/format.ts';
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { Script } from '../testing/script.ts';
import { checkFile } from './check-file.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'knossos-test-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(events: readonly HistoryEvent[], format: FormatName = 'jsonl'): string {
  const path = join(folder, `history.${format}`);
  writeFileSync(path, [...formatHistory(events, format)].map((line) => `${line}\n`).join(''));
  return path;
}

/** Keys side by side; the read of key `stale` near the end sees an old value. */
function manyKeys(keys: number, rounds: number, stale?: number): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const emit = (
    process: HistoryEvent['process'],
    type: HistoryEvent['type'],
    f: string,
    key: number | null,
    value: number | null,
  ): void => {
    events.push({ index: events.length, time: events.length * 1e6, process, type, f, key, value });
  };
  const lives = Array.from({ length: keys }, () => 0);
  for (let round = 0; round < rounds; round++) {
    if (round === 2) emit('nemesis', 'info', 'cut', null, null);
    for (let key = 0; key < keys; key++) {
      const writer = 2 * key + 10_000 * (lives[key] ?? 0);
      emit(writer, 'invoke', 'write', key, round);
      emit(2 * key + 1, 'invoke', 'read', key, null);
      const isUnsure = round % 5 === 3;
      emit(writer, isUnsure ? 'info' : 'ok', 'write', key, null);
      if (isUnsure) lives[key] = (lives[key] ?? 0) + 1;
      emit(2 * key + 1, 'ok', 'read', key, key === stale && round === rounds - 1 ? round - 3 : round);
    }
  }
  return events;
}

const model = 'cas-register';

test.each<FormatName>(['jsonl', 'edn', 'json'])('a %s file in parts is judged as the whole is', async (format) => {
  const events = manyKeys(40, 20, 17);
  const path = fileOf(events, format);

  const whole = await checkFile(path, { model });
  const parted = await checkFile(path, { model, bytesAtOnce: 20_000 });

  expect(whole.parts).toBe(1);
  expect(parted.parts).toBeGreaterThan(5);
  expect(parted.summary).toBe('39 of 40 keys proven; key 17 violated');
  expect(parted.keys.map(({ key, operations, verdict }) => [key, operations, verdict.valid])).toEqual(
    whole.keys.map(({ key, operations, verdict }) => [key, operations, verdict.valid]),
  );
  expect([parted.events, parted.operations, parted.format]).toEqual([events.length, 1_600, format]);
  const inMemory = await check(events, { model });
  const sentence = (analysis: typeof inMemory): unknown =>
    analysis.verdict.valid === false ? analysis.verdict.counterexample.sentence : analysis.verdict;
  expect(sentence(parted)).toBe(sentence(inMemory));
});

test('a key that does not fit into memory is unknown, and the others are judged', async () => {
  const large = new Script(0);
  for (let value = 1; value < 400; value++) large.does(1, 'write', value, null);
  const small = new Script(1).does(2, 'write', 1, null).does(2, 'read', null, 1);
  const events = [...large.events, ...small.events].map((event, index) => ({ ...event, index }));

  const { verdict, summary, keys } = await checkFile(fileOf(events), { model, bytesAtOnce: 5_000 });

  expect(summary).toBe('1 of 2 keys proven; key 0 undecided');
  expect(keys.map((one) => one.verdict.valid)).toEqual(['unknown', true]);
  expect(verdict).toMatchObject({ valid: 'unknown', reason: 'memory' });
  expect(verdict.valid === 'unknown' && verdict.detail).toContain(
    'its 399 operations do not fit into memory; give Node more of it (node --max-old-space-size=8192)',
  );
});

test('large keys that fall into one temporary file are judged one after the other', async () => {
  const buckets = 8;
  const events: HistoryEvent[] = [];
  const does = (key: number, f: string, input: number | null, output: number | null): void => {
    for (const [type, value] of [
      ['invoke', input],
      ['ok', output],
    ] as const) {
      events.push({ index: events.length, time: events.length, process: key, type, f, key, value });
    }
  };
  for (let key = 0; key < 4 * buckets; key++) does(key, 'write', 1, null);
  // The files take the keys in turn.
  for (let round = 0; round < 200; round++)
    for (let turn = 0; turn < 4; turn++) does(turn * buckets, 'write', round, null);
  does(2 * buckets, 'read', null, 7);
  const path = fileOf(events);

  const { parts, summary, keys } = await checkFile(path, {
    model,
    bytesAtOnce: Math.ceil((2 * statSync(path).size) / buckets),
  });

  expect(parts).toBe(buckets - 1 + 4);
  expect(summary).toBe('31 of 32 keys proven; key 16 violated');
  expect(keys.map(({ key, operations }) => [key, operations])).toEqual(
    Array.from({ length: 32 }, (_, key) => [key, key % buckets > 0 ? 1 : key === 16 ? 202 : 201]),
  );
});

test('a malformed line is an error with its number, and no temporary file is left behind', async () => {
  const temporaryFolder = mkdtempSync(join(folder, 'parts-'));
  const path = fileOf(manyKeys(10, 10));
  writeFileSync(path, '{"index":9999,"time":1,"process":777,"type":"ok","f":"read","key":1,"value":1}\n', {
    flag: 'a',
  });

  const judged = checkFile(path, { model, bytesAtOnce: 4_000, temporaryFolder });

  await expect(judged).rejects.toThrow(
    new HistoryError('Line 402: process 777 completes read without having invoked it', { line: 402 }),
  );
  expect(readdirSync(temporaryFolder)).toEqual([]);
  await checkFile(fileOf(manyKeys(10, 10)), { model, bytesAtOnce: 4_000, temporaryFolder });
  expect(readdirSync(temporaryFolder)).toEqual([]);
});

test('a time budget that is given counts from the start, and an abort is heard while the file is read', async () => {
  const path = fileOf(manyKeys(200, 20));
  const aborted = AbortSignal.abort();

  const late = await checkFile(path, { model, bytesAtOnce: 1_000, budget: { milliseconds: 0 } });
  const ended = await checkFile(path, { model, signal: aborted });

  const summary = 'undecided: stopped while the file was read, after 2,000 events';
  expect(late).toMatchObject({ summary, verdict: { valid: 'unknown', reason: 'time', detail: summary } });
  expect(ended).toMatchObject({ summary, verdict: { valid: 'unknown', reason: 'aborted', detail: summary } });
});

test('transactions keep their keys together', async () => {
  const script = new Script(null);
  for (let round = 0; round < 30; round++) {
    const [a, b] = [round % 10, 20 + (round % 10)];
    script.does(
      1,
      'txn',
      [
        ['w', a, round],
        ['w', b, round],
      ],
      [
        ['w', a, round],
        ['w', b, round],
      ],
    );
    script.does(2, 'txn', [['r', b, null]], [['r', b, round]]);
  }
  // Half of the last transaction.
  script.does(
    2,
    'txn',
    [
      ['r', 9, null],
      ['r', 29, null],
    ],
    [
      ['r', 9, 29],
      ['r', 29, 19],
    ],
  );

  const { keys, parts } = await checkFile(fileOf(script.events), { model: 'key-value', bytesAtOnce: 2_000 });

  expect(parts).toBeGreaterThan(3);
  expect(keys.length).toBe(10);
  expect(keys.map(({ verdict }) => verdict.valid)).toEqual([...Array.from({ length: 9 }, () => true), false]);
});

test('a file that is not there is an error of the file system', async () => {
  const path = join(folder, 'nowhere');
  expect(existsSync(path)).toBe(false);
  await expect(checkFile(path, { model })).rejects.toThrow(/ENOENT/);
});
