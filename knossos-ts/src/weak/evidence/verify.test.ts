/** The second opinion looks each thing up once, and finds what looking through everything each time would. */
import { expect, test } from 'vitest';
import type { Operation, Value } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { isList, sameValue } from '../../history/value.ts';
import { pick, seeded, type Random } from '../../testing/seeded.ts';
import { story } from '../testing/story.ts';
import type { Edge } from './edges.ts';
import { Sources, writtenBy } from './sources.ts';
import { verifyCycle } from './verify.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const values: readonly Value[] = [null, 0, -0, 1, 1n, '1', 'null', 2n ** 70n, true, [1], ['1'], [1, [2]], { a: 1 }];

function anyOperation(random: Random, id: number): Operation {
  const value = (): Value => pick(random, values);
  const f = pick(random, ['read', 'write', 'cas', 'insert', 'delete', 'append']);
  const type = pick(random, ['ok', 'ok', 'info', 'fail'] as const);
  const [input, result] = {
    read: [null, pick(random, [value(), [value(), value(), value()]])],
    cas: [
      [value(), value()],
      pick(random, [{ swapped: true }, { swapped: false }, { swapped: false, current: value() }]),
    ],
    insert: [value(), pick(random, [{ inserted: true }, { inserted: false }])],
  }[f] ?? [value(), null];
  const output = type === 'ok' ? (result as Value) : null;
  const [called, returned] = [id * 2, type === 'info' ? Infinity : id * 2 + 1];
  const key = pick(random, ['x', 'y', 1, [1]]);
  return {
    id,
    process: id,
    f,
    key,
    input: input as Value,
    type,
    output,
    called,
    returned,
    invokedAt: called,
    completedAt: returned,
  };
}

test(`who wrote a value, and where it stands in a list (seed ${seed})`, () => {
  const random = seeded(seed);
  for (let run = 0; run < 300; run++) {
    const history = Array.from({ length: 12 }, (_, id) => anyOperation(random, id));
    const sources = new Sources(history);
    for (const { key } of history) {
      for (const value of values) {
        const made = history.filter((one) => {
          const written = one.type === 'fail' ? undefined : writtenBy(one);
          return written !== undefined && sameValue(one.key, key) && sameValue(written, value);
        });
        expect(sources.makers(key, value)).toEqual(made);
      }
    }
    for (const read of history) {
      for (const append of history) {
        const isShown = append.f === 'append' && read.f === 'read' && read.type === 'ok' && isList(read.output);
        const place = isShown ? (read.output as Value[]).findIndex((one) => sameValue(one, append.input)) : -1;
        expect(sources.placeIn(read, append)).toBe(place);
      }
    }
  }
});

/** Each process reads what the one before it wrote, and then writes; the first reads what the last wrote. */
function circle(processes: number): { history: Operation[]; cycle: Edge[] } {
  const lines = Array.from({ length: processes }, (_, at) => `r x ${at === 0 ? processes : at}; w x ${at + 1}`);
  const history = pairOperations(story(...lines));
  const edge = (from: number, to: number, rule: Edge['rule']): Edge => {
    return { from: history[from]!.id, to: history[to]!.id, rule, why: 'it is so', because: [] };
  };
  // All reads come first, and then all writes.
  const cycle = lines.flatMap((_, at) => [
    edge(at, processes + at, 'session'),
    edge(processes + at, (at + 1) % processes, 'reads-from'),
  ]);
  return { history, cycle };
}

test('a circle is verified with a few looks at each operation, however long it is', () => {
  const { history, cycle } = circle(1_000);
  let looks = 0;
  const watched = history.map(({ key, ...rest }) => ({
    ...rest,
    get key(): Value {
      looks++;
      return key;
    },
  }));

  expect(verifyCycle('causal', cycle, watched, null)).toBe(true);
  expect(looks).toBeLessThan(watched.length * 10);
});

test('an edge that does not follow is seen, wherever it is in the circle', () => {
  const { history, cycle } = circle(20);
  expect(verifyCycle('causal', cycle, history, null)).toBe(true);
  for (const { from, rule } of cycle) {
    const other = rule === 'session' ? { process: -1 } : { input: -1 };
    const others = history.map((one) => (one.id === from ? { ...one, ...other } : one));
    expect(verifyCycle('causal', cycle, others, null)).toBe(false);
  }
});

test('so is one that another rests on', () => {
  const { history, cycle } = circle(20);
  const [first] = cycle as [Edge];
  const resting = (premise: Edge): Edge[] => [
    { ...first, because: [{ ...first, because: [premise] }] },
    ...cycle.slice(1),
  ];
  expect(verifyCycle('causal', resting(first), history, null)).toBe(true);
  expect(verifyCycle('causal', resting({ ...first, rule: 'reads-from' }), history, null)).toBe(false);
});
