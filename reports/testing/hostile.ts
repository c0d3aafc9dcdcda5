/** A run in which every text and value tries to break out: of the page, of the terminal, of its size. */
import type { HistoryEvent } from 'knossos-ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { type Fixture, finding, inconclusive, planted } from './runs.ts';

/** Executes, were it ever taken as HTML or as part of a script. */
export const attacks: readonly string[] = [
  '</script><img src=x onerror="globalThis.hostile=1">',
  '"><svg onload=globalThis.hostile=1>',
  "' onfocus='globalThis.hostile=1' autofocus='",
  '${globalThis.hostile=1}`',
  '<!--<script>globalThis.hostile=1//',
  'line\u2028and\u2029paragraph \u202egnihton \u001b[31mred\u0007',
  `javascript:globalThis.hostile=1`,
  `${'9'.repeat(400)}&lt;&#60;`,
];

const huge = 'x'.repeat(1_000_000);

/** Words that the contract fixes: they are not the system's to choose. */
const fixed: ReadonlySet<string> = new Set(['kind', 'type', 'rule', 'valid', 'startedAt']);

/** Every text becomes an attack, and now and then a huge one; numbers and structure stay. */
export function hostile(): Fixture {
  let next = 0;
  const poison = (text: string): string => {
    next++;
    return next % 37 === 0 ? `${attacks[1]}${huge}` : `${attacks[next % attacks.length]}${text}`;
  };
  const poisoned = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return fixed.has(name) ? value : poison(value);
    if (Array.isArray(value)) return value.map((item) => poisoned(item, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, part]) => [
        name.endsWith('Options') ? poison(field) : field,
        poisoned(part, field),
      ]),
    );
  };
  const { run, history } = planted();
  const whole: RunReport = {
    ...run,
    findings: finding().run.findings,
    coverage: inconclusive().run.coverage,
    faults: [...run.faults, { ...run.faults[0]!, kind: attacks[1]!, begunAt: 18.1e9, endedAt: null }],
  };
  const key = `${attacks[0]}17`;
  const value = `${attacks[1]}41`;
  const swap = (text: string): string => text.replace('41', value);
  const poisonedRun = poisoned(whole, '') as RunReport;
  const events = history.map((event): HistoryEvent => ({ ...event, key, f: swap(event.f), value: attacks[0]! }));
  return {
    run: {
      ...poisonedRun,
      models: poisonedRun.models.map((model) => ({
        ...model,
        counterexamples: model.counterexamples.map((counterexample) => ({
          ...counterexample,
          key,
          sentence: `Process 7 read ${JSON.stringify(value)} from key ${key}. ${huge}`,
          operations: counterexample.operations.map((operation) => ({
            ...operation,
            key,
            output: value,
            input: 2n ** 4000n,
          })),
        })),
      })),
    },
    history: events,
  };
}
