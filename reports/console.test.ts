import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { consoleReport, summaryText } from './console.ts';
import { hostile } from './testing/hostile.ts';
import { calm, finding, fixtures, forgetful, inconclusive, planted, unpromised, violated } from './testing/runs.ts';

const plain = { folder: 'store/raft-register-partition+kill+pause/20261120T134502.123Z', colour: false };

/** All control characters but the end of a line. */
const controls = /(?!\n)[\p{Cc}\p{Cf}]/u;

test('a violation is told from the verdict to the command that repeats it', () => {
  expect(summaryText(violated().run, plain)).toBe(`
✗ Raft promised linearizable and did not keep it.
  21 of 51 keys have reads that no order can explain.

  models      ✗ linearizable  claimed, violated: 21 of 51 keys violated
              ✓ sequential    not claimed, held: one order explains all 51 keys
  operations  9,787: 8,182 ok, 1,547 fail, 58 info; 3,615 ok during faults
              read 4,410 of 4,893 ok, write 2,360 of 2,936 ok, cas 1,412 of 1,958 ok
              60.0 s of operations, checked in 90.0 ms; 4 leader changes
  faults      3 of 3 proven, 3 of 3 healed: 1 partition, 1 kill, 1 pause
  because     Process 7 read 41 from key 17 at node n1, 431 ms after process 3 had been told that 42 was written.
              and 20 more keys like it
  report      store/raft-register-partition+kill+pause/20261120T134502.123Z/index.html
  repeat      harness test --system raft --nemesis partition,kill,pause --time-limit 60 --env local --seed 42`);
});

test('a weaker promise that was kept is told with what held, what did not, and how stale reads were', () => {
  expect(summaryText(unpromised().run, plain)).toContain(`
  models      ✗ linearizable  not claimed, not kept: 21 of 51 keys violated
              ✓ sequential    claimed, held: nothing in the whole history breaks it
              held: 1 weaker (pram)
  staleness   380 of 4,410 reads behind; writes missed p50 0, p99 3, max 9; late by p50 0 ns, p99 44.2 ms, max 165 ms
              Had all reads begun 188 ms earlier, the run would be linearizable (Delta-atomicity).
`);
  expect(summaryText(unpromised().run, plain)).toContain('\n  example     Process 7 read 41');
});

test('a promise that is broken as a whole is told in one sentence, with the weakest model that is broken', () => {
  expect(summaryText(forgetful().run, plain)).toContain(`
  because     Process 7 read 41 from key 17, although the same process had already read 42.
              so even read-your-writes is broken
  report `);
});

test('an inconclusive run says what is missing and what to do about it', () => {
  expect(summaryText(inconclusive().run, plain)).toContain(`
  faults      1 of 2 proven, 1 of 2 healed: 1 partition, 1 kill
              ? kill n2 n5: no probe answered within 2 s
  coverage    2 of 4 not met
              ? cas: no cas swapped; raise --time-limit or the share of cas
              ? fault 3: kill n2 n5 was never proved: no probe answered within 2 s
`);
});

test('what the system says of what its nodes counted stands below the operations', () => {
  const { run } = calm();
  const figures = ['Of 100 reads 20.0% were answered at the tail.'];

  expect(summaryText({ ...run, figures }, plain)).toMatch(
    /\n {2}counted {5}Of 100 reads 20\.0% were answered at the tail\.\n/u,
  );
  expect(summaryText(run, plain)).not.toContain('counted');
});

test('a finding is told on one line, though it has a stack', () => {
  expect(summaryText(finding().run, plain)).toContain(`
  findings    ! n3, 12.30 s, crash: Invariant broken: commit index 811 beyond the last entry 809
  report `);
});

test('a run without faults says so', () => {
  expect(summaryText(calm().run, plain)).toContain('\n  faults      none\n');
});

describe('colour', () => {
  test('is left out where the output is no terminal', () => {
    for (const make of Object.values(fixtures)) expect(summaryText(make().run, plain)).not.toMatch(controls);
  });

  test('changes nothing but colour', () => {
    for (const make of Object.values(fixtures)) {
      const { run } = make();
      const coloured = summaryText(run, { ...plain, colour: true });
      expect(coloured).toContain('\u001b[');
      expect(stripVTControlCharacters(coloured)).toBe(summaryText(run, plain));
    }
  });

  test('is red for a broken promise, and not for a planted bug that was found', () => {
    const red = '\u001b[31m✗\u001b[39m \u001b[1mRaft promised';
    expect(summaryText(violated().run, { ...plain, colour: true })).toContain(red);
    expect(summaryText(planted().run, { ...plain, colour: true })).not.toContain(red);
  });
});

test('values of a system cannot drive the terminal, nor make the summary long', () => {
  const lines = summaryText(hostile().run, plain);
  expect(lines).not.toMatch(controls);
  expect(lines.split('\n').length).toBeLessThan(40);
  expect(lines.length).toBeLessThan(20_000);
});

test('every state fits on a screen', () => {
  for (const make of Object.values(fixtures)) {
    expect(summaryText(make().run, plain).split('\n').length).toBeLessThanOrEqual(25);
  }
});

test('the reporter prints and writes no file', async () => {
  const printed: string[] = [];
  const { run, history } = calm();
  await consoleReport.write(run, history, {
    write: () => Promise.reject(new Error('no file was expected')),
    print: (text) => printed.push(text),
    ...plain,
  });
  expect(printed).toEqual([summaryText(run, plain)]);
});
