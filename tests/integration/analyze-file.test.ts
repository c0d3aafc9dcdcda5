/** `harness analyze` judges anybody's history file, whatever made it. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { type Ended, Workplace } from './harness-program.ts';

let place: Workplace;
beforeAll(() => void (place = new Workplace()));
afterAll(() => place[Symbol.dispose]());

/** In this process, which is much faster. */
async function analyze(name: string, text: string, ...words: readonly string[]): Promise<Ended> {
  writeFileSync(place.path(name), text);
  const [out, err]: [string[], string[]] = [[], []];
  const screen = {
    print: (line: string): void => void out.push(line),
    note: (line: string): void => void err.push(line),
    colour: false,
  };
  const code = await main(['analyze', place.path(name), ...words], screen);
  return { code, out: out.join('\n'), err: err.join('\n').replaceAll(place.folder, 'F') };
}

const kv = [
  '{:process 0, :type :invoke, :f :append, :key "0", :value "x"}',
  '{:process 0, :type :ok, :f :append, :key "0", :value "x"}',
  '{:process 1, :type :invoke, :f :get, :key "0", :value nil}',
  '{:process 1, :type :ok, :f :get, :key "0", :value ""}',
].join('\n');

it('in the notation of Porcupine, which is found out', async () => {
  const { code, out } = await analyze('c1.txt', kv, '--model', 'append-string');
  expect(out).toMatch(/^linearizable as append-string: false \(0 of 1 key proven; key 0 violated\)\n/);
  expect(out).toContain('├ append "x" ┤\n');
  expect(out).toContain('├ get → "" ┤  ✗\n');
  expect(code).toBe(1);
});

it('in the JSON of Elle, with transactions over several keys', async () => {
  const json = `[{"index":0,"process":0,"type":"invoke","f":"txn","value":[["append",1,5],["r",2,null]]},
{"index":1,"process":0,"type":"ok","f":"txn","value":[["append",1,5],["r",2,[]]]},
{"index":2,"process":1,"type":"invoke","value":[["r",1,null]]},
{"index":3,"process":1,"type":"ok","value":[["r",1,[5]]]}]`;
  const { code, out } = await analyze('elle.json', json, '--model', 'list-append');
  expect(out).toMatch(/^linearizable as list-append: true \(/);
  expect(code).toBe(0);
});

it('with the initial value that is given, and the convention of Knossos where it is asked for', async () => {
  const read = (value: string): string =>
    `({:process 0 :type :invoke :f :read :value nil} {:process 0 :type :ok :f :read :value ${value}})`;
  expect((await analyze('a.edn', read('0'))).code).toBe(1);
  expect((await analyze('a.edn', read('0'), '--init', '0')).code).toBe(0);
  expect((await analyze('a.edn', read('nil'), '--init', '0')).code).toBe(1);
  expect((await analyze('a.edn', read('nil'), '--init', '0', '--nil-reads-match-anything')).code).toBe(0);
});

it('for the consistency models that it keeps', async () => {
  const stale = [
    [0, 'write', '1', '1'],
    [0, 'write', '2', '2'],
    [1, 'read', 'nil', '1'],
  ]
    .flatMap(([process, f, input, output]) => [
      `{:process ${process} :type :invoke :f :${f} :value ${input}}`,
      `{:process ${process} :type :ok :f :${f} :value ${output}}`,
    ])
    .join('\n');
  const all = await analyze('stale.edn', stale, '--models', 'all');
  expect(all.out).toMatch(/^The strongest that hold: sequential\. The weakest that are broken: linearizable\.\n/);
  expect(all.code).toBe(1);
  expect((await analyze('stale.edn', stale, '--models', 'sequential,pram')).code).toBe(0);
  const unknown = await analyze('stale.edn', stale, '--models', 'sequental');
  expect(unknown.err).toMatch(/^Unknown consistency model "sequental"\. Did you mean sequential\? Known: /);
  const json = JSON.parse((await analyze('stale.edn', stale, '--models', 'all', '--json')).out) as unknown;
  expect(json).toMatchObject({ verdicts: { linearizable: { valid: false }, sequential: { valid: true } } });
});

it.each<[readonly string[], string]>([
  [
    ['--models', 'all', '--model', 'register'],
    '--model is about one kind of object, and --models about consistency: give one of them.',
  ],
  [['--format', 'yaml'], 'Unknown format "yaml". Known: edn, json, jsonl, porcupine-jepsen, porcupine-kv.'],
  [['--init', 'zero'], `--init wants JSON, such as 0, null or '"a text"', and got zero.`],
  [['--time-limit', 'x'], '--time-limit wants a number, and got "x".'],
  [
    ['--format', 'jsonl'],
    'F/c1.txt: Line 1: expected a JSON object, found "{:process 0, :type :invoke, :f :append, :key \\"0\\", :value \\"x\\""....',
  ],
])('refuses %j in one sentence, with 254', async (words, message) => {
  expect(await analyze('c1.txt', kv, ...words)).toEqual({ code: 254, out: '', err: message });
});

it('refuses a process that acts after its info, naming the line', async () => {
  const text = kv.replace('{:process 0, :type :ok', '{:process 0, :type :info').replace('{:process 1', '{:process 0');
  const { code, err } = await analyze('c2.txt', text, '--model', 'append-string');
  expect(err).toBe('F/c2.txt: Line 3: process 0 acts again after its info; a new process must take its place.');
  expect(code).toBe(254);
});
