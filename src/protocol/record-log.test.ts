import { expect, test } from 'vitest';
import { DamagedLogError, frameRecord, readRecords } from './record-log.ts';

const records = ['{"a":1}', '{"text":"ünïcode \u2028 日本"}', '[]'];
const whole = records.map(frameRecord).join('');

test('what was framed is read back', () => {
  expect(readRecords(whole)).toEqual({ records, validLength: whole.length, torn: false });
});

test('a log cut at any place yields the records before the cut and says that it is torn', () => {
  const ends = records.map(
    (_, index) =>
      records
        .slice(0, index + 1)
        .map(frameRecord)
        .join('').length,
  );
  for (let cut = 0; cut < whole.length; cut++) {
    const kept = ends.filter((end) => end <= cut).length;
    const read = readRecords(whole.slice(0, cut));
    expect(read.records).toEqual(records.slice(0, kept));
    expect(read.torn).toBe(cut !== 0 && !ends.includes(cut));
    expect(read.validLength).toBe(kept === 0 ? 0 : ends[kept - 1]);
  }
});

test('a changed character in the last record is a torn tail, in an earlier one it is damage', () => {
  const last = `${whole.slice(0, -2)}x\n`;
  expect(readRecords(last)).toMatchObject({ records: records.slice(0, 2), torn: true });
  const earlier = whole.replace('{"a":1}', '{"a":2}');
  expect(() => readRecords(earlier)).toThrow(DamagedLogError);
  expect(() => readRecords(earlier)).toThrow('Record 1 of the log');
});
