/** Histories that others recorded, with known verdicts. They stand beside the project, where they are there at all. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkSync } from '../check/check.ts';
import { bruteForceLimit } from '../explain/brute-force.ts';
import { parseEdn } from '../formats/edn-reader.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { readHistory } from '../formats/read-history.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const manifest = `${folder}MANIFEST.tsv`;

const rows = existsSync(manifest)
  ? readFileSync(manifest, 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.split('\t'))
      .filter(([, , model]) => model?.startsWith('cas-register'))
  : [];
if (rows.length === 0) {
  console.log('Recorded histories are not tested: there is no ../shared/data/MANIFEST.tsv beside the project.');
}

test.skipIf(rows.length === 0)('there are recorded histories of both verdicts', () => {
  expect(new Set(rows.map(([, , , verdict]) => verdict))).toEqual(new Set(['ok', 'illegal']));
});

for (const [file = '', format = '', , verdict = ''] of rows) {
  test(`${file} is ${verdict}`, () => {
    const { initial, events } = read(`${folder}${file}`, format);

    const { verdict: found } = checkSync(events, { model: 'cas-register', initial });

    expect(found.valid).toBe(verdict === 'ok');
    const small = found.valid === false && found.counterexample.operations.length <= bruteForceLimit;
    expect(small && found.counterexample.verified).toBe(small);
  });
}

function read(path: string, format: string): { readonly initial: number | null; readonly events: HistoryEvent[] } {
  const text = readFileSync(path, 'utf8');
  if (format === 'porcupine-jepsen') return { initial: null, events: [...readHistory(text, { format })] };
  return { initial: 0, events: parseEdn(text, { independent: false, nilReadsMatchAnything: true }) };
}
