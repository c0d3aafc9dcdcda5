/** The histories by which the papers tell the models apart. */
import { describe, expect, test } from 'vitest';
import { checkSync } from '../check-history.ts';
import { story } from './testing/story.ts';

/** What holds at most, and the least that is broken. */
const judge = (...lines: string[]): { holds: readonly string[]; breaks: readonly string[] } => {
  const { holds, breaks, verdicts } = checkSync(story(...lines), { models: 'all', initial: 0 });
  for (const verdict of verdicts.values()) {
    if (verdict.valid === false && !verdict.counterexample.verified) throw new Error(verdict.counterexample.sentence);
  }
  return { holds, breaks };
};

describe('Bouajjani, Enea, Guerraoui & Hamza 2017, figure 3', () => {
  test('a: causal memory and not causal convergence, since two processes see two writes in different orders', () => {
    expect(judge('w x 1; r x 2', 'w x 2; r x 1')).toEqual({
      holds: ['causal-memory'],
      breaks: ['causal-convergence'],
    });
  });

  test('b: causal convergence and not causal memory', () => {
    expect(judge('w z 1; w x 1; w y 1', 'w x 2; r z 0; r y 1; r x 2')).toEqual({
      holds: ['causal-convergence'],
      breaks: ['pram'],
    });
  });

  test('c: causal, and neither causal memory nor causal convergence', () => {
    expect(judge('w x 1', 'w x 2; r x 1; r x 2')).toEqual({
      holds: ['causal', 'monotonic-reads'],
      breaks: ['causal-convergence', 'pram'],
    });
  });

  test('d: causal memory and causal convergence, and not sequential: both read past the other', () => {
    expect(judge('w x 1; r y 0; w y 1; r x 1', 'w x 2; r y 0; w y 2; r x 2')).toEqual({
      holds: ['causal-memory', 'causal-convergence'],
      breaks: ['sequential'],
    });
  });

  test('e: not even causal, since the effect is seen and its cause is not', () => {
    expect(judge('w x 1; w y 1', 'r y 1; w x 2', 'r x 2; r x 1').breaks).toEqual(['causal']);
  });
});

test('store buffering (Lamport 1979): each process misses the other, which no order explains', () => {
  expect(judge('w x 1; r y 0', 'w y 1; r x 0')).toEqual({
    holds: ['causal-memory', 'causal-convergence'],
    breaks: ['sequential'],
  });
});

test('stale reads in one order (Attiya & Welch 1994): sequential and not linearizable', () => {
  expect(judge('w x 1; ; ', ' ; r x 0; r x 1')).toEqual({ holds: ['sequential'], breaks: ['linearizable'] });
});

test('each key is linearizable and so is the whole; each key is sequential and the whole is not (Herlihy & Wing 1990)', () => {
  expect(judge('w x 1; r x 1', 'w y 1; r y 1').holds).toEqual(['linearizable']);
  expect(judge('w x 1; r y 0', 'w y 1; r x 0').breaks).toEqual(['sequential']);
});

test('independent reads of independent writes: two observers disagree on the order, which causality allows', () => {
  expect(judge('w x 1', 'w y 1', 'r x 1; r y 0', 'r y 1; r x 0')).toEqual({
    holds: ['causal-memory', 'causal-convergence'],
    breaks: ['sequential'],
  });
});

test('PRAM and not causal: a reply is seen before what it replies to (Lipton & Sandberg 1988; Ahamad et al. 1995)', () => {
  expect(judge('w x 1', 'r x 1; w y 1', 'r y 1; r x 0')).toEqual({
    holds: ['pram', 'writes-follow-reads'],
    breaks: ['causal'],
  });
});

test('passes each session guarantee alone and fails PRAM', () => {
  const { holds, breaks } = judge('w x 1; w y 1', 'r y 1; r x 0');
  expect({ holds, breaks }).toEqual({
    holds: ['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'],
    breaks: ['pram', 'causal'],
  });
});

describe('Terry et al. 1994', () => {
  test('read your writes: an own write is not seen', () => {
    expect(judge('w x 1; w x 2; r x 1').breaks).toEqual(['read-your-writes']);
    expect(judge('r x 9; w x 1; r x 9', 'w x 9').breaks).toEqual(['read-your-writes']);
  });

  test('monotonic reads: a read goes back', () => {
    expect(judge('w x 1; w x 2', 'r x 2; r x 1').breaks).toEqual(['causal', 'monotonic-reads']);
  });

  test('monotonic writes: of two appends of one process the later one is there alone', () => {
    expect(judge('a x 1; a x 2', 'l x 2').breaks).toEqual(['monotonic-writes']);
  });

  test('writes follow reads: an answer is there and the question is not', () => {
    expect(judge('a x 1', 'l x 1; a x 2', 'l x 2').breaks).toEqual(['writes-follow-reads']);
  });
});

test('two cas from one value are a lost update: causal, and not sequential', () => {
  expect(judge('c x 0 1', 'c x 0 2')).toEqual({
    holds: ['causal-memory', 'causal-convergence'],
    breaks: ['sequential'],
  });
});

test('lists whose readers disagree on the order are causal memory and do not converge', () => {
  expect(judge('a x 1', 'a x 2', 'l x 1,2', 'l x 2,1')).toEqual({
    holds: ['causal-memory'],
    breaks: ['causal-convergence'],
  });
});

test('an operation of unknown outcome happened if it was seen, and need not have if it was not', () => {
  expect(judge('?w x 1', 'r x 1; r x 1').holds).toEqual(['linearizable']);
  expect(judge('?w x 1', 'r x 0; r x 0').holds).toEqual(['linearizable']);
  expect(judge('?w x 1', 'r x 1; r x 0').breaks).toEqual(['causal', 'monotonic-reads']);
});
