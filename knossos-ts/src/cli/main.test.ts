/** Each message and exit code of the command line, as its user sees them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatNames } from '../formats/catalogue.ts';
import { formatHistory } from '../formats/write-history.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { modelNames } from '../models/catalogue.ts';
import { Script } from '../testing/script.ts';
import { consistencyModels } from '../weak/models.ts';
import { main } from './main.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'knossos-cli-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(words: readonly string[], input: string = ''): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const screen = {
    print: (text: string): void => void out.push(text),
    note: (text: string): void => void err.push(text),
    input: Readable.from([input]),
    width: 100,
  };
  const code = await main(words, screen);
  return {
    code,
    out: out
      .join('')
      .replaceAll(/\d+(\.\d+)? m?s/g, 'N ms')
      .replaceAll(folder, 'F'),
    err: err.join('\n').replaceAll(folder, 'F'),
  };
}

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const textOf = (events: readonly HistoryEvent[], format: (typeof formatNames)[number]): string =>
  [...formatHistory(events, format)].map((line) => `${line}\n`).join('');

const stale = new Script().does(1, 'write', 41, null).does(3, 'write', 42, null).does(7, 'read', null, 41).events;
const good = new Script().does(1, 'write', 41, null).does(3, 'read', null, 41).events;

describe('events with the same time', () => {
  const frozen = stale.map((event) => ({ ...event, time: 0 }));
  const file = (events: readonly HistoryEvent[]): string => fileOf('ties.jsonl', textOf(events, 'jsonl'));

  test('are concurrent, and where they are many it is said that this proves little and what to do', async () => {
    const { code, out, err } = await run(['check', file(frozen), '-m', 'register']);
    expect(err).toBe(
      'Warning: 6 of 6 events share their time with another and count as concurrent, so that less can be found wrong. If events stand in the order in which they happened, say --ties ordered; otherwise record finer times.',
    );
    expect(out).toContain('linearizable as register: true');
    expect(code).toBe(0);
  });

  test('are ordered as they stand where that is asked for', async () => {
    const { code, err } = await run(['check', file(frozen), '-m', 'register', '--ties', 'ordered']);
    expect(err).toBe('');
    expect(code).toBe(1);
  });

  test('are nothing to speak of where they are few', async () => {
    const script = new Script();
    for (let round = 0; round < 200; round++) script.does(1, 'write', round, null);
    const { err } = await run([
      'check',
      file(script.events.map((one, at) => (at === 7 ? { ...one, time: 7e6 } : one))),
      '-m',
      'register',
    ]);
    expect(err).toBe('');
  });

  test('have no other rule', async () => {
    const { code, err } = await run(['check', file(frozen), '-m', 'register', '--ties', 'order']);
    expect(err).toBe('Unknown rule for ties "order". Did you mean ordered? Known: concurrent, ordered.');
    expect(code).toBe(254);
  });
});

describe('a violated history', () => {
  const told = (times: boolean, key: string): string =>
    [
      `linearizable as register: false (${key === '' ? 'violated' : '0 of 1 key proven; key 17 violated'})`,
      times
        ? `Process 7 read 41${key}, N ms after process 3 had been told that 42 was written.`
        : `Process 7 read 41${key}, after process 3 had been told that 42 was written.`,
      '',
      '  process 1  ├ write 41 ┤',
      '  process 3               ├ write 42 ┤',
      '  process 7                            ├ read → 41 ┤  ✗',
      '',
    ].join('\n') + `\n`;

  test.each(['jsonl', 'edn', 'json'] as const)(
    'is told in %s with its sentence and lanes, and exits 1',
    async (format) => {
      const { code, out, err } = await run(['check', fileOf('history', textOf(stale, format)), '--model', 'register']);
      expect(err).toBe('');
      expect(out.startsWith(told(true, ' from key 17'))).toBe(true);
      expect(out).toMatch(new RegExp(`3 operations \\(${format}\\) read in N ms and judged in N ms\\.\n$`));
      expect(code).toBe(1);
    },
  );

  test('is read from standard input, too', async () => {
    const { code, out } = await run(['check', '-', '-m', 'register'], textOf(stale, 'edn'));
    expect(out.startsWith(told(true, ' from key 17'))).toBe(true);
    expect(code).toBe(1);
  });

  test('without times is told without durations', async () => {
    const alone = stale.map((event) => ({ ...event, key: null }));
    const { code, out } = await run(['check', '-', '-m', 'register'], textOf(alone, 'porcupine-jepsen'));
    expect(out.startsWith(told(false, ''))).toBe(true);
    expect(code).toBe(1);
  });

  test('is JSON for other programs, whatever its values are', async () => {
    const large = new Script(2n ** 60n).does(1, 'write', 2n ** 63n, null).does(1, 'read', null, 2n ** 62n).events;
    const { code, out } = await run(['check', '-', '-m', 'register', '-o', 'json'], textOf(large, 'jsonl'));
    const analysis = JSON.parse(out.replaceAll('N ms', '0')) as unknown;
    expect(analysis).toMatchObject({
      verdict: { valid: false },
      keys: [{ key: '1152921504606846976', operations: 2 }],
      format: 'jsonl',
      operations: 2,
    });
    expect(code).toBe(1);
  });
});

describe('the consistency models of a history', () => {
  test('are told one by one, with what breaks the weakest that are broken', async () => {
    const { code, out, err } = await run(['check', '-', '--models', 'all'], textOf(stale, 'edn'));
    expect(err).toBe('');
    expect(out).toBe(
      [
        'The strongest that hold: sequential. The weakest that are broken: linearizable.',
        '',
        '  linearizable         broken',
        '  sequential           holds',
        '  causal-memory        holds, since sequential does',
        '  causal-convergence   holds, since sequential does',
        '  pram                 holds, since sequential does',
        '  causal               holds, since sequential does',
        '  read-your-writes     holds',
        '  monotonic-reads      holds',
        '  monotonic-writes     holds',
        '  writes-follow-reads  holds, since sequential does',
        '',
        'linearizable: Process 7 read 41 from key 17, N ms after process 3 had been told that 42 was written.',
        '- A second, independent method agrees.',
        '',
        '3 operations (edn) read in N ms and judged in N ms.',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
  });

  test('may be some, and with the steps of the circle that breaks one', async () => {
    const back = new Script().does(1, 'write', 1, null).does(1, 'write', 2, null);
    const { code, out } = await run(
      ['check', '-', '--models', 'monotonic-reads,pram'],
      textOf(back.does(2, 'read', null, 2).does(2, 'read', null, 1).events, 'jsonl'),
    );
    expect(out).toContain('  pram             broken, since monotonic-reads is\n  monotonic-reads  broken\n');
    expect(out).toContain('- operation 0 comes before operation 2: process 1 did them in this order.');
    expect(out).not.toContain('linearizable');
    expect(code).toBe(1);
    expect((await run(['check', '-', '--models', 'sequential'], textOf(stale, 'jsonl'))).code).toBe(0);
  });

  test('are JSON for other programs, by their names', async () => {
    const { out } = await run(['check', '-', '--models', 'all', '-o', 'json'], textOf(stale, 'jsonl'));
    expect(JSON.parse(out.replaceAll('N ms', '0'))).toMatchObject({
      holds: ['sequential'],
      verdicts: { linearizable: { valid: false }, pram: { valid: true, impliedBy: 'sequential' } },
    });
  });

  test('are unknown where nothing was read, or not in time', async () => {
    const empty = await run(['check', '-', '--models', 'all']);
    expect(empty.out).toContain('There is no operation in this history, so that nothing was judged.');
    expect(empty.code).toBe(2);
    const long = new Script();
    for (let value = 0; value < 2_000; value++) long.does(1, 'write', value, null);
    const late = await run(['check', '-', '--models', 'causal', '--time-limit', '0'], textOf(long.events, 'jsonl'));
    expect(late.out).toContain('  causal  unknown: stopped while the file was read, after 2,000 events');
    expect(late.code).toBe(2);
  });
});

describe('exit codes', () => {
  test('0: linearizable', async () => {
    const { code, out } = await run(['check', '-', '-m', 'cas-register'], textOf(good, 'jsonl'));
    expect(out).toMatch(/^linearizable as cas-register: true \(1 of 1 key proven\)\n/);
    expect(code).toBe(0);
  });

  test('2: empty, or not decided in time', async () => {
    const empty = await run(['check', '-', '-m', 'cas-register']);
    expect(empty.out).toContain('There is no operation in this history, so that nothing was judged.');
    expect(empty.code).toBe(2);
    const long = new Script();
    for (let value = 0; value < 5_000; value++) long.does(1, 'write', value, null);
    const late = await run(['check', '-', '-m', 'register', '--time-limit', '0'], textOf(long.events, 'jsonl'));
    expect(late.out).toContain(
      'linearizable as register: unknown (undecided: stopped while the file was read, after 2,000 events)',
    );
    expect(late.code).toBe(2);
  });

  test('the end that was torn off is told, and the rest is judged', async () => {
    const { code, err } = await run(['check', '-', '-m', 'register'], `${textOf(good, 'jsonl')}{"ind`);
    expect(err).toBe(
      'Warning: the end of the history is torn and was dropped. Line 5: expected a JSON object, found "{\\"ind".',
    );
    expect(code).toBe(0);
  });
});

describe('what the options change', () => {
  test('--init is what every key holds at the beginning', async () => {
    const seen = textOf(new Script().does(1, 'read', null, 0).events, 'jsonl');
    expect((await run(['check', '-', '-m', 'register'], seen)).code).toBe(1);
    expect((await run(['check', '-', '-m', 'register', '--init', '0'], seen)).code).toBe(0);
    expect((await run(['check', '-', '-m', 'register', '--init', 'nil'], seen)).code).toBe(1);
  });

  test('--init may be below 0, with or without =', async () => {
    const seen = textOf(new Script().does(1, 'read', null, -5).events, 'jsonl');
    expect((await run(['check', '-', '-m', 'counter', '--init', '-5'], seen)).code).toBe(0);
    expect((await run(['check', '-', '-m', 'counter', '--init=-5'], seen)).code).toBe(0);
    expect((await run(['check', '-', '-m', 'counter', '--init', '-4'], seen)).code).toBe(1);
  });

  test('--nil-reads-match-anything is the convention of Knossos', async () => {
    const seen = '{:process 0 :type :invoke :f :read :value nil}{:process 0 :type :ok :f :read :value nil}';
    expect((await run(['check', '-', '-m', 'register', '--init', '0'], seen)).code).toBe(1);
    expect((await run(['check', '-', '-m', 'register', '--init', '0', '--nil-reads-match-anything'], seen)).code).toBe(
      0,
    );
  });

  test('--no-independent takes a pair for a value', async () => {
    const pairs = [
      '{:process 0 :type :invoke :f :write :value [1 2]}',
      '{:process 0 :type :ok :f :write :value [1 2]}',
    ].join('\n');
    expect((await run(['check', '-', '-m', 'register'], pairs)).out).toContain('1 of 1 key proven');
    expect((await run(['check', '-', '-m', 'register', '--no-independent'], pairs)).out).toContain('true (proven)');
  });
});

test('convert writes any format as any other', async () => {
  for (const format of formatNames) {
    const events = format === 'porcupine-jepsen' ? good.map((event) => ({ ...event, key: null })) : good;
    const { code, out } = await run(['convert', '-', '--to', format], textOf(events, 'jsonl'));
    expect(out.replaceAll('N ms', '')).toBe(textOf(events, format));
    expect(code).toBe(0);
  }
});

describe('bad input is one sentence that says what to do, and exits 254', () => {
  test.each<[readonly string[], string]>([
    [['chekc'], 'Unknown command "chekc". Did you mean check? Known: check, convert.'],
    [['check'], 'Say which file to check: knossos-ts check history.edn, or - for standard input.'],
    [['check', 'a', 'b'], 'knossos-ts check takes one file, and got 2.'],
    [
      ['check', 'a'],
      `Say what the object is: --model ${modelNames.join(', --model ')}; or ask for the consistency models: --models all.`,
    ],
    [
      ['check', 'a', '-m', 'regsiter'],
      `Unknown model "regsiter". Did you mean register? Known: ${modelNames.join(', ')}.`,
    ],
    [
      ['check', 'a', '--models', 'causal,sequental'],
      `Unknown consistency model "sequental". Did you mean sequential? Known: all, ${consistencyModels.join(', ')}.`,
    ],
    [
      ['check', 'a', '-m', 'set', '--models', 'all'],
      '--model is about one kind of object, and --models about consistency: give one of them.',
    ],
    [['check', 'a', '-m', 'set', '-f', 'xml'], `Unknown format "xml". Known: ${formatNames.join(', ')}.`],
    [['check', 'a', '-m', 'set', '--output', 'html'], 'Unknown output "html". Known: text, json.'],
    [['check', 'a', '-m', 'set', '--time-limit', 'long'], '--time-limit wants a number of seconds, and got "long".'],
    [['check', 'a', '-m', 'set', '--memory=-1'], '--memory wants a number of megabytes, and got "-1".'],
    [['check', 'a', '-m', 'set', '--init', 'x'], `--init wants JSON, such as 0, null or '"a text"', and got x.`],
    [
      ['check', 'a', '-m', 'counter', '--init', '"a"'],
      '--init does not fit: A counter begins with a whole number, not with "a".',
    ],
    [
      ['check', 'a', '-m', 'set', '--init', '3'],
      '--init does not fit: A set begins with a list of values, not with 3.',
    ],
    ...(['fifo-queue', 'unordered-queue'] as const).map((model): [string[], string] => [
      ['check', 'a', '-m', model, '--init', '"a"'],
      '--init does not fit: A queue begins with a list of values other than null, not with "a".',
    ]),
    [
      ['check', 'a', '-m', 'list-append', '--init', '{}'],
      '--init does not fit: A list begins with a list, not with {}.',
    ],
    [
      ['check', 'a', '-m', 'append-string', '--init', '1'],
      '--init does not fit: A text begins with a text, not with 1.',
    ],
    [
      ['check', 'a', '-m', 'mutex', '--init', '"nonsense"'],
      '--init does not fit: A mutex begins held (true) or free (false), not with "nonsense".',
    ],
    [
      ['check', 'a', '-m', 'set', '--memory', '-1'],
      '--memory wants a value; one that begins with - is written --memory=-5.',
    ],
    [['check', 'a', '-m', '-x'], '--model wants a value; one that begins with - is written --model=-5.'],
    [['check', 'a', '--model'], '--model wants a value. See knossos-ts --help.'],
    [['check', 'nowhere', '-m', 'set'], 'There is no file nowhere. Give a history, or - for standard input.'],
    [['check', '/', '-m', 'set'], '/ is a folder. Give the history file in it.'],
    [['convert', 'a'], `Say what to convert it to: --to ${formatNames.join(', --to ')}.`],
  ])('%j', async (words, message) => {
    expect(await run(words)).toEqual({ code: 254, out: '', err: message });
  });

  test('a flag that does not exist', async () => {
    const { code, err } = await run(['check', 'a', '--modle', 'set']);
    expect(err).toMatch(/^Unknown flag "--modle"\. Did you mean --model\? Known: --model, --models, --format, /);
    expect(code).toBe(254);
  });

  test('a malformed line, with the file and its number', async () => {
    const path = fileOf('bad.jsonl', `${textOf(good, 'jsonl')}{"index": 9}\n`);
    expect(await run(['check', path, '-m', 'register'])).toEqual({
      code: 254,
      out: '',
      err: 'F/bad.jsonl: Line 5: expected "time" to be a number of nanoseconds, found nothing.',
    });
    expect((await run(['check', '-', '-m', 'register'], 'x')).err).toMatch(
      /^standard input: Line 1: expected a history \(/,
    );
    expect((await run(['convert', '-', '--to', 'porcupine-jepsen'], textOf(good, 'jsonl'))).err).toBe(
      'standard input: A Jepsen log of Porcupine is about one object; this history has keys.',
    );
  });
});

test('help names every model and format, and exits 0', async () => {
  const { code, out } = await run(['--help']);
  for (const name of [...modelNames, ...formatNames]) expect(out).toContain(name);
  expect(code).toBe(0);
  expect((await run([])).out).toBe(out);
  expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
