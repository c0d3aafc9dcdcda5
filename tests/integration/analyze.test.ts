/** `harness analyze` on what a run left behind, whole and damaged. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './harness-program.ts';

let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  const words = ['test', '--system', 'raft', '--env', 'sim', '--nemesis', 'partition', '--time-limit', '10'];
  const good = await place.harness(...words, '--seed', '1', '--store', 'good');
  const bad = await place.harness(
    ...words,
    '--bug',
    'stale-read',
    '--test-count',
    '30',
    '--seed',
    '1',
    '--store',
    'bad',
  );
  if (good.code !== 0 || bad.code !== 1) throw new Error(`The runs to analyse went wrong:\n${good.out}\n${bad.out}`);
}, 60_000);
afterAll(() => place[Symbol.dispose]());

let copies = 0;
/** The run in a folder of its own, with its history changed. */
function damaged(store: 'good' | 'bad', change: (history: string) => string): string {
  const copy = place.path(`copy/run${++copies}`);
  cpSync(place.path(store, 'latest/'), copy, { recursive: true, dereference: true });
  const path = `${copy}/history.jsonl`;
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return copy;
}

const withoutEnd = (history: string): string => history.replace(/[^\n]*\n$/, '');
const torn = (history: string): string => history.slice(0, -20);

describe('analyze', () => {
  it('gives the verdict of the run again, with its exit code', async () => {
    const good = await place.harness('analyze', '--store', 'good');
    expect(good.out).toContain('✓ Raft kept its promise: linearizable.');
    expect(good.code).toBe(0);
    const bad = await place.harness('analyze', 'bad/latest');
    expect(bad.out).toContain('✗ Raft with the bug stale-read broke its promise: linearizable.');
    expect(bad.code).toBe(1);
  });

  it('gives the verdict also where nothing can be written, and names what could not', async () => {
    const copy = damaged('good', (history) => history);
    rmSync(`${copy}/history.edn`);
    mkdirSync(`${copy}/history.edn`);
    const { code, out, err } = await place.harness('analyze', copy);
    expect(err).toMatch(/^Warning: history\.edn could not be written: /);
    expect(out).toContain('✓ Raft kept its promise: linearizable.');
    expect(code).toBe(0);
  });

  it('proves nothing by a bare history without operations, and prints its answer as JSON where that is wanted', async () => {
    const empty = place.path('empty.jsonl');
    writeFileSync(empty, '');
    const { code, out } = await place.harness('analyze', empty);
    expect(out).toContain('There is no operation in this history');
    expect(code).toBe(2);
    const json = await place.harness('analyze', `${place.path('good/latest')}/history.jsonl`, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ verdict: { valid: true } });
    expect(json.code).toBe(0);
  });

  it('drops a torn last line with a warning, and is then inconclusive: the end mark was in it', async () => {
    const { code, out, err } = await place.harness('analyze', damaged('good', torn));
    expect(err).toBe('Warning: the last line of the history is torn; it was dropped.');
    expect(out).toContain('The history has no end mark: the run was cut short. Run it again.');
    expect(code).toBe(2);
  });

  it('is at best inconclusive without an end mark, and a violation is one all the same', async () => {
    expect((await place.harness('analyze', damaged('good', withoutEnd))).code).toBe(2);
    expect((await place.harness('analyze', damaged('bad', withoutEnd))).code).toBe(1);
  });

  it('refuses any other malformed line with its number, also where it is JSON but no event', async () => {
    const lineTen = (line: string) => (history: string) => {
      const lines = history.split('\n');
      lines[9] = line;
      return lines.join('\n');
    };
    const half = damaged('good', lineTen('{"index":9,"ti'));
    expect(await place.harness('analyze', half)).toEqual({
      code: 254,
      out: '',
      err: `${half}/history.jsonl: Line 10: expected a JSON object, found "{\\"index\\":9,\\"ti".`,
    });
    const other = damaged(
      'good',
      lineTen('{"index":9,"time":1,"process":-3,"type":"ok","f":"read","key":"k","value":1}'),
    );
    expect((await place.harness('analyze', other)).err).toBe(
      `${other}/history.jsonl: Line 10: expected "process" to be a whole number from 0 or "nemesis", found "-3".`,
    );
    const ghost = damaged(
      'good',
      lineTen('{"index":9,"time":1,"process":99,"type":"ok","f":"read","key":"k","value":1}'),
    );
    const { code, err } = await place.harness('analyze', ghost);
    expect(err).toMatch(/history\.jsonl: Event 9: process 99 completes read without having invoked it \(line 10\)\.$/);
    expect(code).toBe(254);
  });

  it('judges a bare history, as JSON lines or as EDN', async () => {
    for (const file of ['history.jsonl', 'history.edn']) {
      const good = await place.harness('analyze', `good/latest/${file}`);
      expect(good.out).toMatch(/^linearizable as cas-register: true \(/);
      expect(good.code).toBe(0);
      const bad = await place.harness('analyze', `bad/latest/${file}`);
      expect(bad.out).toMatch(/^linearizable as cas-register: false \(/);
      expect(bad.code).toBe(1);
    }
  });
});
