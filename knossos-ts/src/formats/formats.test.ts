/** What holds for every format: histories survive the way out and back, however the text is cut into pieces. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { formats } from './catalogue.ts';
import type { FormatName } from './format.ts';
import { readHistory } from './read-history.ts';

interface Step {
  readonly process: number;
  readonly f: string;
  readonly input: Value;
  readonly output: Value;
  readonly key: Value;
  readonly type: 'ok' | 'fail' | 'info';
  readonly time: number;
}

const number = fc.oneof(fc.nat(9), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(tidy));
const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(':a', '#text', '[1 2]', 'nil'));
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  number,
  words,
  fc.array(number, { maxLength: 3 }),
  fc.dictionary(words, number, { maxKeys: 2 }),
);

function tidy(long: bigint): number | bigint {
  return Number.isSafeInteger(Number(long)) ? Number(long) : long;
}

/** What each notation can say. */
const vocabulary: { readonly [name in FormatName]: fc.Arbitrary<Omit<Step, 'process' | 'type' | 'time'>> } = (() => {
  const key = value.filter((one) => one !== null);
  const seen = { swapped: false } as const;
  const cas = (to: fc.Arbitrary<Value>, result: fc.Arbitrary<Value>, on: fc.Arbitrary<Value>) =>
    fc.record({ f: fc.constant('cas'), input: fc.tuple(to, to), output: result, key: on });
  const swap = fc.constant<Value>({ swapped: true });
  const anything = fc.oneof(
    fc.record({ f: fc.constantFrom('read', 'dequeue', 'get'), input: fc.constant(null), output: value, key }),
    fc.record({ f: fc.constantFrom('write'), input: value, output: fc.constant(null), key }),
    fc.record({ f: fc.constantFrom('add', 'put', 'enqueue'), input: value, output: value, key }),
    fc.record({
      f: fc.constantFrom('strange one', 'x'),
      input: value,
      output: value.filter((one) => one !== null),
      key,
    }),
    cas(
      value,
      fc.oneof(
        swap,
        fc.constant(seen),
        value.map((current) => ({ ...seen, current })),
      ),
      key,
    ),
  );
  const none = fc.constant(null);
  return {
    jsonl: anything,
    edn: anything,
    json: anything,
    'porcupine-kv': fc.oneof(
      fc.record({ f: fc.constant('get'), input: none, output: words, key: words }),
      fc.record({ f: fc.constantFrom('put', 'append'), input: words, output: none, key: words }),
    ),
    'porcupine-jepsen': fc.oneof(
      fc.record({ f: fc.constant('read'), input: none, output: value, key: none }),
      fc.record({ f: fc.constant('write'), input: value, output: none, key: none }),
      cas(value, fc.oneof(swap, fc.constant(seen)), none),
    ),
  };
})();

/** Each operation runs from its place in the list to some later place; a process that got `info` never comes back. */
const history = (name: FormatName): fc.Arbitrary<HistoryEvent[]> => historyOf(vocabulary[name], name);

const historyOf = (drafts: fc.Arbitrary<Draft>, name: FormatName): fc.Arbitrary<HistoryEvent[]> =>
  fc
    .array(
      fc.tuple(
        drafts,
        fc.record({
          process: fc.nat(3),
          type: fc.constantFrom<Step['type']>('ok', 'ok', 'ok', 'fail', 'info'),
          time: fc.nat(),
          isLate: fc.boolean(),
          isFault: fc.nat(5).map((draw) => draw === 0),
        }),
      ),
      { maxLength: 12 },
    )
    .map((steps) => perform(name, steps));

type Draft = Omit<Step, 'process' | 'type' | 'time'>;
type Way = Pick<Step, 'process' | 'type' | 'time'> & { readonly isLate: boolean; readonly isFault: boolean };

function perform(name: FormatName, steps: readonly (readonly [Draft, Way])[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const open = new Map<number, readonly [Draft, Way]>();
  const lives = new Map<number, number>();
  // What has no indices and times has the positions for both.
  const isBare = name.startsWith('porcupine');
  const emit = (
    process: HistoryEvent['process'],
    type: HistoryEvent['type'],
    f: string,
    data: Value,
    key: Value,
    time: number,
  ): void => {
    const index = isBare ? events.length : events.length * 3 + 1;
    events.push({ index, time: isBare ? index : time, process, type, f, key, value: data });
  };
  const complete = (client: number): void => {
    const [draft, { type, time }] = open.get(client)!;
    open.delete(client);
    const life = lives.get(client) ?? 0;
    emit(client + 4 * life, type, draft.f, type === 'ok' ? draft.output : null, draft.key, time);
    if (type === 'info') lives.set(client, life + 1);
  };
  for (const [draft, way] of steps) {
    if (way.isFault) emit('nemesis', 'info', 'cut', null, null, way.time);
    if (open.has(way.process)) complete(way.process);
    open.set(way.process, [draft, way]);
    emit(way.process + 4 * (lives.get(way.process) ?? 0), 'invoke', draft.f, draft.input, draft.key, way.time);
    if (!way.isLate) complete(way.process);
  }
  return events;
}

const names = Object.keys(formats) as FormatName[];

/** Keys of any kind and none, and transactions over several, in one history. */
const mixedDraft: fc.Arbitrary<Draft> = (() => {
  const key = fc.oneof(fc.constant(null), fc.constant('x'), value);
  const pair: fc.Arbitrary<Value> = fc.tuple(fc.constantFrom('x', 'y', 1), fc.oneof(value, fc.tuple(number, number)));
  const data = fc.oneof(value, pair);
  const micros = fc.array(
    fc.oneof(
      fc.tuple(fc.constant('r'), fc.constantFrom('x', 'y'), fc.constantFrom(null, 1)),
      fc.tuple(fc.constantFrom('w', 'append'), fc.constantFrom('x', 'y'), value),
    ),
    { maxLength: 3 },
  );
  const swap = fc.constant<Value>({ swapped: true });
  return fc.oneof(
    fc.record({ f: fc.constantFrom('read', 'dequeue'), input: fc.constant(null), output: data, key }),
    fc.record({ f: fc.constant('write'), input: data, output: fc.constant(null), key }),
    fc.record({ f: fc.constantFrom('add', 'strange one'), input: data, output: data, key }),
    fc.record({ f: fc.constant('cas'), input: fc.tuple(data, data), output: swap, key }),
    fc.record<Draft>({
      f: fc.constant('txn'),
      input: micros,
      output: fc.oneof(micros, fc.constant(null)),
      key: fc.constant(null),
    }),
    fc.record<Draft>({ f: fc.constant('txn'), input: micros, output: micros, key }),
  );
})();

test.each(['jsonl', 'edn', 'json'] as const)(
  'what is written in %s is read the same without being told how, keys and no keys and transactions mixed',
  (name) => {
    const property = fc.property(historyOf(mixedDraft, name), (events) => {
      const text = [...formats[name].write(events)].map((line) => `${line}\n`).join('');
      expect([...readHistory(text, { format: name })]).toEqual(events);
    });
    fc.assert(property, { numRuns: 500 });
  },
);

describe.each(names)('%s', (name) => {
  const format = formats[name];
  const independent = name === 'edn' || name === 'json';
  const written = (events: readonly HistoryEvent[]): string =>
    [...format.write(events)].map((line) => `${line}\n`).join('');

  test('any history survives the way out and back', () => {
    fc.assert(
      fc.property(history(name), (events) => {
        const reading = readHistory(written(events), { format: name, independent });
        expect([...reading]).toEqual(events);
        expect(reading.torn).toBe(undefined);
      }),
      { numRuns: 300 },
    );
  });

  test('the text may come in pieces that end anywhere, with CR LF, a byte order mark and no last line end', () => {
    const property = fc.property(history(name), fc.array(fc.nat(1_000)), (events, cuts) => {
      const text = written(events).replaceAll('\n', '\r\n');
      // Without its line end a number may be half of one.
      const whole = `\uFEFF${name === 'porcupine-jepsen' ? text : text.trimEnd()}`;
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
      const pieces = places.slice(1).map((place, at) => whole.slice(places[at], place));
      expect([...readHistory(pieces, { format: name, independent })]).toEqual(events);
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('is recognised by its beginning', () => {
    fc.assert(
      fc.property(history(name), (events) => {
        const client = events.filter(({ process }) => process !== 'nemesis');
        fc.pre(client.length > 0);
        expect(readHistory(written(client)).format).toBe(name);
      }),
      { numRuns: 200 },
    );
  });

  test('a text that breaks off gives the events before the break, and says that it was torn', () => {
    const property = fc.property(history(name), fc.nat(10_000), (events, cut) => {
      fc.pre(events.length > 0);
      const lines = [...format.write(events)];
      const text = lines.map((line) => `${line}\n`).join('');
      const left = text.slice(0, cut % (text.length + 1));
      const reading = readHistory(left, { format: name, independent });

      const read = [...reading];

      const whole = left.split('\n').length - 1;
      const rest = left.split('\n').at(-1) ?? '';
      // A JSON list lacks its end wherever it breaks off; its events do not wait for their line end.
      const isWhole = name === 'json' ? /}]?,?$/.test(rest) : rest === lines[whole];
      expect(read).toEqual(events.slice(0, read.length));
      expect([whole, whole + Number(isWhole)]).toContain(read.length);
      const isTorn =
        name === 'json' ? left !== '' && left.trimEnd() !== text.trimEnd() : rest !== '' && read.length === whole;
      expect(reading.torn !== undefined).toBe(isTorn);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
