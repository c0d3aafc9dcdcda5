/** Histories that others recorded, with known verdicts. They stand beside the project, where they are there at all. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkSync } from '../check/check.ts';
import { bruteForceLimit } from '../explain/brute-force.ts';
import { parseEdn } from '../formats/edn-reader.ts';
import { readHistory } from '../formats/read-history.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';
import type { ModelName } from '../models/catalogue.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const manifest = `${folder}MANIFEST.tsv`;

const rows = existsSync(manifest)
  ? readFileSync(manifest, 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.split('\t'))
      .slice(1)
  : [];
if (rows.length === 0) {
  console.log('Recorded histories are not tested: there is no ../shared/data/MANIFEST.tsv beside the project.');
}

test.skipIf(rows.length === 0)('there are recorded histories of both verdicts', () => {
  expect(new Set(rows.map(([, , , verdict]) => verdict))).toEqual(new Set(['ok', 'illegal']));
});

for (const [file = '', format = '', kind = '', verdict = ''] of rows) {
  test(`${file} is ${verdict}`, () => {
    const { initial, events, model } = read(`${folder}${file}`, format, kind);

    const { verdict: found, milliseconds } = checkSync(events, { model, initial, witness: true });

    expect(found.valid).toBe(verdict === 'ok');
    expect(milliseconds).toBeLessThan(60_000);
    const small = found.valid === false && found.counterexample.operations.length <= bruteForceLimit;
    expect(small && found.counterexample.verified).toBe(small);
  });
}

interface Recorded {
  readonly model: ModelName;
  readonly initial: Value;
  readonly events: HistoryEvent[];
}

function read(path: string, format: string, kind: string): Recorded {
  const text = readFileSync(path, 'utf8');
  if (format === 'porcupine-kv')
    return { model: 'append-string', initial: null, events: [...readHistory(text, { format })] };
  if (format === 'porcupine-jepsen') {
    return { model: 'cas-register', initial: null, events: [...readHistory(text, { format })] };
  }
  if (kind === 'multi-register') {
    const events = parseEdn(text, { independent: false });
    return { model: 'key-value', initial: { ':x': 0, ':y': 0, x: 0, y: 0 }, events };
  }
  const events = parseEdn(text, { independent: false, nilReadsMatchAnything: true });
  return { model: 'cas-register', initial: 0, events };
}
