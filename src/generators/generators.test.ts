import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, milliseconds, nanoseconds, seconds } from '../core/time.ts';
import { eachThread } from './each-thread.ts';
import type { Generator, GeneratorEvent } from './generator.ts';
import { limit } from './limit.ts';
import { mix } from './mix.ts';
import { rate, slack } from './rate.ts';
import { reserve } from './reserve.ts';
import { phases, sequence } from './sequence.ts';
import { timeLimit } from './time-limit.ts';
import { contextOf, named } from './testing/named.ts';
import { functionsOf, invoked, ok, play } from './testing/play.ts';

const seedAnd = { seed: fc.nat(1e6), concurrency: fc.integer({ min: 1, max: 12 }) };

test('limit ends after its number of calls', () => {
  expect(functionsOf(play({ main: limit(3, named('a')) }))).toEqual(['a', 'a', 'a']);
});

test('a sequence goes on to the next generator when the previous is done', () => {
  const main = sequence(limit(2, named('a')), limit(0, named('b')), limit(1, named('c')));

  expect(functionsOf(play({ main }))).toEqual(['a', 'a', 'c']);
});

test('a sequence does not wait for what is in flight', () => {
  const events = play({ main: sequence(limit(1, named('a')), limit(1, named('b'))), concurrency: 2 });

  expect(events.map(({ kind, call }) => `${kind} ${call.f}`)).toEqual([
    'invoke a',
    'invoke b',
    'complete a',
    'complete b',
  ]);
});

test('a phase begins when the previous one is done and all its operations have completed', () => {
  fc.assert(
    fc.property(fc.record(seedAnd), ({ seed, concurrency }) => {
      const events = play({
        main: phases(limit(20, named('a')), limit(20, named('b')), limit(20, named('c'))),
        concurrency,
        seed,
        takes: (_, random) => nanoseconds(1 + random.below(1000)),
      });
      const order = events.map(({ call }) => call.f).join('');
      expect(order).toBe('a'.repeat(40) + 'b'.repeat(40) + 'c'.repeat(40));
    }),
  );
});

describe('mix', () => {
  test('draws by weight, and never what has weight 0', () => {
    const main = mix([
      [50, named('a')],
      [25, named('b')],
      [25, named('c')],
      [0, named('d')],
    ]);
    const drawn = functionsOf(play({ main, most: 10_000 }));
    const share = (f: string): number => drawn.filter((name) => name === f).length / drawn.length;

    expect(share('a')).toBeCloseTo(0.5, 1);
    expect(share('b')).toBeCloseTo(0.25, 1);
    expect(share('c')).toBeCloseTo(0.25, 1);
    expect(share('d')).toBe(0);
  });

  test('goes on with the others when one is done, and ends with the last', () => {
    const main = mix([
      [1, limit(3, named('a'))],
      [1, limit(5, named('b'))],
    ]);

    expect(functionsOf(play({ main })).toSorted().join('')).toBe('aaabbbbb');
  });

  test('waits for the earliest when all wait', () => {
    const main = mix([20, 10, 30].map((until) => [1, nothingBefore(until)] as const));

    for (let seed = 0; seed < 20; seed++) expect(waitOf(main, seed)).toBe(10);
  });

  test('ends when only what has weight 0 is left', () => {
    const main = mix([
      [1, limit(2, named('a'))],
      [0, named('b')],
    ]);

    expect(functionsOf(play({ main }))).toEqual(['a', 'a']);
  });

  test('does not wait for one while another could go on', () => {
    const main = mix([
      [1, rate(1, limit(1, named('late')))],
      [1, limit(50, named('now'))],
    ]);
    const events = invoked(play({ main }));
    const late = events.findIndex(({ call }) => call.f === 'late');

    expect(events).toHaveLength(51);
    expect(late).toBe(50);
    expect(events[49]?.at).toBeLessThan(milliseconds(1));
  });
});

describe('rate', () => {
  const kinds = ['exponential', 'uniform'] as const;

  test.for(kinds)('with %s gaps, the calls of a long run come at that rate, over all threads', (gaps) => {
    fc.assert(
      fc.property(
        fc.record({ ...seedAnd, perSecond: fc.integer({ min: 10, max: 10_000 }) }),
        ({ seed, concurrency, perSecond }) => {
          const main = rate(perSecond, named('a'), gaps);
          const events = invoked(play({ main, concurrency, seed, most: 4000, takes: () => nanoseconds(10) }));
          const measured = 4000 / ((events.at(-1)?.at ?? 0) / 1e9);
          expect(measured / perSecond).toBeGreaterThan(0.9);
          expect(measured / perSecond).toBeLessThan(1.1);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a coarse timer does not lower the rate', () => {
    // Given 10 calls a millisecond on average, and a generator that is asked once a millisecond.
    let generator: Generator = rate(10_000, named('a'));
    let made = 0;
    for (let at = 0; at < 1000; at++) {
      const context = contextOf(1, [0], at * 1e6, at);
      for (let step = generator.next(context); step.kind !== 'done'; step = generator.next(context)) {
        generator = step.rest;
        if (step.kind === 'wait') break;
        made++;
      }
    }

    expect(made).toBeGreaterThan(9500);
    expect(made).toBeLessThan(10_500);
  });

  test('a stall is not followed by a burst of more than the slack', () => {
    // Given that the only thread is busy for ten seconds with its first call.
    const main = rate(1000, named('a'));
    let first = true;
    const takes = () => {
      const long = first;
      first = false;
      return long ? seconds(10) : nanoseconds(1);
    };
    const events = invoked(play({ main, takes, most: 500 }));
    const resumed = events[1]?.at ?? instant(0);
    const burst = events.filter(({ at }) => at >= resumed && at < resumed + milliseconds(1));

    expect(resumed).toBeGreaterThan(seconds(10));
    expect(burst.length).toBeGreaterThan(5);
    expect(burst.length).toBeLessThan(2 * (slack / 1e6));
  });
});

test('a time limit lets no call through after it, and ends the wait for a later one', () => {
  fc.assert(
    fc.property(
      fc.record({ ...seedAnd, limitMs: fc.integer({ min: 1, max: 50 }) }),
      ({ seed, concurrency, limitMs }) => {
        const takes = () => milliseconds(1);
        const events = play({
          main: timeLimit(milliseconds(limitMs), rate(500, named('a'))),
          concurrency,
          seed,
          takes,
        });
        for (const { at } of invoked(events)) expect(at).toBeLessThan(milliseconds(limitMs));
        for (const { at } of events) expect(at).toBeLessThanOrEqual(milliseconds(limitMs) + milliseconds(1));
      },
    ),
  );
});

/** Has nothing before that instant. */
const nothingBefore = (until: number): Generator => {
  const waiting: Generator = { next: () => ({ kind: 'wait', until: instant(until), rest: waiting }) };
  return waiting;
};

const waitOf = (generator: Generator, seed = 1): unknown => {
  const step = generator.next(contextOf(1, [0], 0, seed));
  return step.kind === 'wait' ? step.until : step.kind;
};

test('a time limit does not wait beyond its end', () => {
  expect(waitOf(timeLimit(nanoseconds(50), nothingBefore(40)))).toBe(40);
  expect(waitOf(timeLimit(nanoseconds(50), nothingBefore(60)))).toBe(50);
});

test('a time limit counts from the first question, not from the start of the run', () => {
  const first = limit(3, named('a'));
  const events = play({ main: phases(first, timeLimit(milliseconds(5), named('b'))), takes: () => milliseconds(2) });

  expect(functionsOf(events)).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
});

test('each thread runs a copy of its own', () => {
  fc.assert(
    fc.property(fc.record(seedAnd), ({ seed, concurrency }) => {
      const main = eachThread(sequence(limit(2, named('a')), limit(1, named('b'))));
      const takes = (_: unknown, random: { below(bound: number): number }) => nanoseconds(1 + random.below(100));
      const events = play({ main, concurrency, seed, takes });
      for (let process = 0; process < concurrency; process++)
        expect(functionsOf(events.filter((event) => event.process === process))).toEqual(['a', 'a', 'b']);
    }),
  );
});

describe('reserve', () => {
  test('never lets a call cross to the other threads', () => {
    fc.assert(
      fc.property(fc.record({ ...seedAnd, count: fc.integer({ min: 0, max: 12 }) }), ({ seed, concurrency, count }) => {
        const main = reserve(count, named('reserved'), named('rest'));
        const events = invoked(play({ main, concurrency, seed, most: 300 }));
        expect(events).toHaveLength(300);
        for (const { process, call } of events) expect(call.f).toBe(process < count ? 'reserved' : 'rest');
      }),
    );
  });

  test('tells each side of its own events only', () => {
    const heard: string[] = [];
    const listening = (name: string): Generator => {
      const self: Generator = {
        next: (context) => ({ ...(named(name).next(context) as { kind: 'call' }), rest: self }) as never,
        update(event) {
          heard.push(`${name} hears of ${event.thread}`);
          return self;
        },
      };
      return self;
    };
    play({ main: reserve(1, listening('left'), listening('right')), concurrency: 2, most: 40, answer: () => ok() });

    expect(new Set(heard)).toEqual(new Set(['left hears of 0', 'right hears of 1']));
  });

  test('does not wait for a side that has no threads', () => {
    expect(functionsOf(play({ main: reserve(3, limit(2, named('a')), named('b')), concurrency: 2 }))).toEqual([
      'a',
      'a',
    ]);
    expect(functionsOf(play({ main: reserve(0, named('a'), limit(2, named('b'))), concurrency: 2 }))).toEqual([
      'b',
      'b',
    ]);
  });

  test('is done when both sides are', () => {
    const main = reserve(1, limit(2, named('a')), limit(3, named('b')));

    expect(
      functionsOf(play({ main, concurrency: 3 }))
        .toSorted()
        .join(''),
    ).toBe('aabbb');
  });
});

describe('purity', () => {
  const zoo = (): Generator =>
    timeLimit(
      seconds(5),
      rate(
        1e6,
        reserve(
          1,
          eachThread(limit(3, named('r'))),
          phases(
            limit(
              4,
              mix([
                [1, named('a')],
                [2, limit(2, named('b'))],
              ]),
            ),
            named('c'),
          ),
        ),
      ),
    );

  test('asked twice in the same context, a generator says the same and is not changed by it', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 40 }), (seed, depth) => {
        let generator = zoo();
        for (let turn = 0; turn < depth; turn++) {
          const context = contextOf(3, turn % 4 === 3 ? [turn % 3] : [0, 1, 2], turn * 10_000, seed + turn);
          const step = generator.next(context);
          const again = generator.next({ ...context, random: contextOf(3, [0], 0, seed + turn).random });
          expect(outline(again)).toEqual(outline(step));
          if (step.kind === 'done') return;
          const { rest } = step;
          generator = step.kind === 'call' ? (rest.update?.(invocation(step, turn)) ?? rest) : rest;
        }
      }),
    );
  });

  const outline = (step: ReturnType<Generator['next']>): unknown => {
    const { rest: _, ...more } = step as { rest?: unknown };
    return more;
  };

  const invocation = (
    step: Extract<ReturnType<Generator['next']>, { kind: 'call' }>,
    turn: number,
  ): GeneratorEvent => ({
    kind: 'invoke',
    at: instant(turn * 10_000),
    thread: step.process,
    process: step.process,
    call: step.call,
  });
});
