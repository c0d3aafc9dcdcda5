/**
 * Histories that others recorded, with known verdicts, as a stranger hands them over: nothing is told of a file but its
 * model. They stand beside the project, where they are there at all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ModelName } from '../models/catalogue.ts';
import { checkFile } from './check-file.ts';

const folder = process.env['KNOSSOS_RECORDED'] ?? fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const manifest = `${folder}/MANIFEST.tsv`;
const rows = existsSync(manifest) ? readFileSync(manifest, 'utf8').trim().split('\n').slice(1) : [];
if (rows.length === 0) {
  console.log('Recorded files are not tested: there is no ../shared/data/MANIFEST.tsv beside the project.');
}

const modelOf = (text: string): ModelName =>
  text.startsWith('cas-register') ? 'cas-register' : text.startsWith('multi') ? 'key-value' : 'append-string';

test.skipIf(rows.length === 0)('there are recorded files of every format and verdict', () => {
  const kinds = new Set(rows.flatMap((row) => row.split('\t').filter((_, column) => column === 1 || column === 3)));
  expect(kinds).toEqual(new Set(['porcupine-jepsen', 'porcupine-kv', 'jepsen-edn', 'ok', 'illegal']));
});

for (const row of rows) {
  const [file = '', format = '', text = '', verdict = ''] = row.split('\t');
  test(`${file} is ${verdict}`, async () => {
    const model = modelOf(text);
    const initial = text.includes('initially 0') || model === 'key-value' ? 0 : null;
    const nilReadsMatchAnything = text.includes('read of nil matches any');

    const analysis = await checkFile(`${folder}/${file}`, { model, initial, nilReadsMatchAnything });

    expect(analysis.format).toBe(format.replace('jepsen-edn', 'edn'));
    expect(analysis.verdict.valid).toBe(verdict === 'ok');
    expect(analysis.torn).toBe(undefined);
  });
}
