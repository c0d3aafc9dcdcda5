import { expect, test } from 'vitest';
import { jsonReport, resultsText } from './json.ts';
import { violated } from './testing/runs.ts';

test('results.json is the report contract, its schema first', async () => {
  // Given
  const { run, history } = violated();
  const written = new Map<string, string | Uint8Array>();
  // When
  await jsonReport.write(run, history, {
    write: async (path, content) => void written.set(path, content),
    print: () => {},
    folder: null,
    colour: false,
  });
  // Then
  expect([...written.keys()]).toEqual(['results.json']);
  const text = String(written.get('results.json'));
  expect(text.startsWith('{\n  "schema": 1,\n')).toBe(true);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(run)));
});

test('a big integer keeps all its digits, and an end that never came is null', () => {
  // Given
  const { run } = violated();
  const [model] = run.models;
  const [, lost] = model!.counterexamples;
  const operations = lost!.operations.map((one) => ({ ...one, input: 2n ** 64n }));
  const changed = { ...run, models: [{ ...model!, counterexamples: [{ ...lost!, operations }] }] };
  // When
  const read = JSON.parse(resultsText(changed)) as typeof run;
  // Then
  const open = read.models[0]!.counterexamples[0]!.operations.find(({ type }) => type === 'info');
  expect(open).toMatchObject({ input: { bigint: '18446744073709551616' }, returned: null });
});
