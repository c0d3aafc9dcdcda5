import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { attacks, hostile } from '../testing/hostile.ts';
import {
  calm,
  finding,
  fixtures,
  forgetful,
  inconclusive,
  planted,
  unknown,
  unpromised,
  valid,
  violated,
} from '../testing/runs.ts';
import type { Fixture } from '../testing/runs.ts';
import { type StrictElement, byClass, elements, parseStrictly, textOf } from '../testing/strict-html.ts';
import { page } from './page.ts';

const read = ({ run, history }: Fixture): StrictElement => parseStrictly(page(run, history));
const named = (root: StrictElement, name: string): readonly StrictElement[] =>
  elements(root).filter((element) => element.name === name);
const sections = (root: StrictElement): readonly string[] =>
  named(root, 'section').map(({ attributes }) => attributes.get('id') ?? 'verdict');
const pill = (root: StrictElement): readonly [string, string] => {
  const [element] = elements(root).filter(({ attributes }) => (attributes.get('class') ?? '').startsWith('pill '));
  return [element?.attributes.get('class') ?? '', element === undefined ? '' : textOf(element)];
};
const rungs = (root: StrictElement): readonly string[] =>
  named(root, 'li')
    .filter(({ attributes }) => (attributes.get('class') ?? '').startsWith('rung '))
    .map(textOf);

describe('each outcome has its word, its tone and the sections that say something', () => {
  test.each([
    ['valid', valid, 'pill ok', 'Valid', ['verdict', 'faults', 'files']],
    ['violated', violated, 'pill bad', 'Invalid', ['verdict', 'counterexample', 'faults', 'files']],
    ['planted', planted, 'pill found', 'Planted bug found', ['verdict', 'counterexample', 'faults', 'files']],
    ['unknown', unknown, 'pill open', 'Undecided', ['verdict', 'faults', 'files']],
    ['inconclusive', inconclusive, 'pill open', 'Inconclusive', ['verdict', 'coverage', 'faults', 'files']],
    ['finding', finding, 'pill finding', 'Finding', ['verdict', 'findings', 'faults', 'files']],
    ['unpromised', unpromised, 'pill ok', 'Valid', ['verdict', 'counterexample', 'models', 'faults', 'files']],
    ['forgetful', forgetful, 'pill bad', 'Invalid', ['verdict', 'models', 'counterexample', 'faults', 'files']],
  ] as const)('%s', (_, make, tone, word, parts) => {
    const root = read(make());
    expect(pill(root)).toEqual([tone, word]);
    expect(sections(root)).toEqual(parts);
    expect(textOf(named(root, 'h1')[0]!)).toBe(make().run.outcome.headline);
  });
});

test('the models that are not judged key by key are told one by one, with the circle that breaks them', () => {
  const [section] = named(read(forgetful()), 'section').filter(({ attributes }) => attributes.get('id') === 'models');
  const [, sequential, least, staleness, convergence] = named(section!, 'li').map(textOf);
  expect(sequential).toContain(
    'Sequential: violated, claimed read-your-writes is broken Process 7 read 41 from key 17',
  );
  expect(sequential).not.toContain('in a circle');
  expect(least).toContain(
    'write 41 of process 1, then read 41 of process 7: process 7 read what process 1 wrote (reads-from) ' +
      'read 41 of process 7, then write 41 of process 1: process 7 did one after the other (session)',
  );
  expect(staleness).toBe(
    'Staleness: 380 of 4,410 reads behind Writes missed: p50 0, p99 3, max 9. For how long: p50 0 ns, p99 44.2 ms, max 165 ms. ' +
      'Had all reads begun 188 ms earlier, the run would be linearizable (Delta-atomicity). ' +
      'Stale reads by the writes that they missed 1 write: 250 2 writes: 80 3 to 4 writes: 40 5 to 8 writes: 7 9 to 16 writes: 3 ' +
      'Stale reads by how long the first of those had been complete up to 33.6 ms: 330 33.6 ms to 67.1 ms: 40 134 ms to 268 ms: 10',
  );
  expect(convergence).toBe(
    'Convergence: 10 of 10 keys the same at all 5 nodes 0 acknowledged writes lost without a successor. 202 ms after healing, at the latest.',
  );
});

describe('the ladder', () => {
  test('flags what was claimed, and the strongest model that held where the claim did not', () => {
    expect(rungs(read(violated()))).toEqual([
      'claimed Linearizable violated 21 of 51 keys violated',
      'strongest that held Sequential held one order explains all 51 keys',
    ]);
  });

  test('does not flag the strongest that held where every claim held', () => {
    expect(rungs(read(valid()))).toEqual(['claimed Linearizable held 51 of 51 keys proven']);
  });

  test('is red for a broken promise only: not for a planted bug, what nobody claimed, or what was not judged', () => {
    const { run, history } = violated();
    const model = run.models[0]!;
    const red = (models: typeof run.models): number =>
      byClass(read({ run: { ...run, models }, history }), 'li', 'bad').length;
    expect(red([model])).toBe(1);
    expect(red([{ ...model, claimed: false }])).toBe(0);
    expect(red([{ ...model, judged: false }])).toBe(0);
    expect(byClass(read(planted()), 'li', 'bad')).toEqual([]);
  });
});

describe('the counterexample', () => {
  test('is told in words before anything is drawn', () => {
    const [article] = named(read(violated()), 'article');
    const said = textOf(byClass(article!, 'p', 'say')[0]!);
    expect(said).toContain('Process 7 read');
    expect(named(article!, 'li').map(textOf)).toEqual([
      'Process 1 finished write 41 before process 3 began write 42.',
      'Process 3 finished write 42 before process 7 began read 41.',
      'Only process 1 ever wrote 41.',
      '1 · process 1 write 41 state 41',
      '2 · process 3 write 42 state 42',
      '✗ process 7 read 41 the state is 42',
      'The read of 41 came before write 42 Write 42 had finished 431 ms before the read began.',
      'Write 41 came after write 42 Write 41 had finished 254 ms before write 42 began.',
      'Write 42 never took effect It was acknowledged, and eight reads had returned 42.',
      'Another write put 41 back Values are unique: only process 1 ever wrote 41.',
    ]);
  });

  test('can be chosen by key where there are several; what is not in the page is counted', () => {
    const root = read(violated());
    expect(named(root, 'option').map(textOf)).toEqual([
      'key 17 · 3 operations',
      'key 23 · 4 operations',
      'and 19 more keys: see results.json',
    ]);
    expect(named(root, 'article').map(({ attributes }) => attributes.has('hidden'))).toEqual([false, true]);
  });
});

describe('the faults', () => {
  test('come with proof, healing, and what was served meanwhile', () => {
    const [, first, second] = named(read(inconclusive()), 'tr').map(textOf);
    expect(first).toBe(
      'partition halves n1 (primary) n2 | n3 n4 n5 18.06 – 28.10 s 10.0 s 12 of 12 cut links dropped the probe, 8 of 8 kept links passed it all 20 links pass 97.0 % 1,533 of 1,580 ok 310 of 355 writes done, again 12.4 ms after healing',
    );
    expect(second).toBe(
      'kill minority n2 n5 from 33.12 s to the end no probe answered within 2 s not proved: the run ended before it was healed not proved: 85.0 % 702 of 826 ok 98 of 220 writes done, never again',
    );
  });

  test('are said to be absent where there were none', () => {
    const root = read(calm());
    expect(named(root, 'table')).toEqual([]);
    expect(textOf(root)).toContain('No fault was injected.');
  });
});

describe('the page stands alone', () => {
  test.each(Object.entries(fixtures))('%s: it refers to nothing but itself and the files beside it', (_, make) => {
    for (const { attributes } of elements(read(make()))) {
      for (const name of ['src', 'href', 'action', 'srcset', 'xlink:href']) {
        expect(attributes.get(name) ?? '#').toMatch(/^(?:#[\w-]*|data:,|[\w-]+(?:[./][\w-]+)*)$/);
      }
      expect([...attributes.keys()].filter((name) => name.startsWith('on') || name === 'style')).toEqual([]);
    }
  });

  test('its policy allows the script and the stylesheet that it carries, and no request', () => {
    const root = read(violated());
    const policy = named(root, 'meta')
      .find(({ attributes }) => attributes.has('http-equiv'))!
      .attributes.get('content')!;
    const hash = (name: string): string => {
      const [asset] = named(root, name).filter(({ attributes }) => !attributes.has('type'));
      return createHash('sha256').update(asset!.text).digest('base64');
    };
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });
});

describe('hostile values', () => {
  const text = page(hostile().run, hostile().history);

  test('stay values: the page has our elements and attributes only', () => {
    const root = parseStrictly(text);
    const names = new Set(elements(root).map(({ name }) => name));
    const usual = new Set(Object.values(fixtures).flatMap((make) => elements(read(make())).map(({ name }) => name)));
    expect([...names].filter((name) => !usual.has(name))).toEqual([]);
    const handlers = elements(root).flatMap(({ attributes }) =>
      [...attributes.keys()].filter((name) => name.startsWith('on')),
    );
    expect(handlers).toEqual([]);
    expect(named(root, 'script').filter(({ attributes }) => !attributes.has('type'))).toHaveLength(1);
  });

  test('are shown as they are', () => {
    const root = parseStrictly(text);
    expect(textOf(named(root, 'h1')[0]!)).toMatch(/Raft promised linearizable and did not keep it\.$/);
    const whole = textOf(root);
    for (const attack of attacks.slice(0, 5)) expect(whole).toContain(attack);
  });

  test('cannot make a link that leaves the folder of the run', () => {
    const { run, history } = valid();
    const paths = [
      'javascript:alert(1)',
      '//elsewhere/x',
      '/etc/passwd',
      '../up',
      'a/../../up',
      'https://elsewhere',
      'nodes/n1/node.log',
    ];
    const root = read({ run: { ...run, files: paths.map((path) => ({ path, summary: '' })) }, history });
    const links = named(root, 'a').map(({ attributes }) => attributes.get('href') ?? '');
    expect(links.filter((href) => !href.startsWith('#'))).toEqual(['nodes/n1/node.log']);
  });

  test('cannot make the page big', () => {
    expect(text.length).toBeLessThan(600_000);
  });
});

test('a long run does not make a long page', () => {
  const { run, history } = violated();
  const model = run.models[0]!;
  const many = <T>(items: readonly T[], times: number): T[] => Array.from({ length: times }, () => items).flat();
  const long = {
    ...run,
    faults: many(run.faults, 1000),
    findings: many(finding().run.findings, 1000),
    coverage: many(inconclusive().run.coverage, 1000),
    files: many(run.files, 1000),
    outcome: { ...run.outcome, reasons: many(run.outcome.reasons, 1000) },
    models: [{ ...model, counterexamples: many(model.counterexamples, 5) }],
  };
  const text = page(long, history);
  expect(text.length).toBeLessThan(500_000);
  expect(textOf(parseStrictly(text))).toContain('2,900 more faults in results.json.');
});
