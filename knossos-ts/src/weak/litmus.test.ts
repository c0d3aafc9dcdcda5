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

describe('litmus tests of shared memory (Alglave, Maranget & Tautschnig 2014 have the names)', () => {
  const sequentialAtMost = { holds: ['causal-memory', 'causal-convergence'], breaks: ['sequential'] };

  test('message passing: the flag is seen and the message is not', () => {
    expect(judge('w x 1; w y 1', 'r y 1; r x 0').breaks).toEqual(['pram', 'causal']);
    expect(judge('w x 1; w y 1', ' ; ; r y 1; r x 1').holds).toEqual(['linearizable']);
  });

  test('load buffering: two processes each read what the other writes only later', () => {
    expect(judge('r x 1; w y 1', 'r y 1; w x 1')).toEqual({
      holds: ['pram'],
      breaks: ['writes-follow-reads'],
    });
  });

  test('write-to-read causality: what was read before a write is missing for its reader', () => {
    expect(judge('w x 1', 'r x 1; w y 1', 'r y 1; r x 0').breaks).toEqual(['causal']);
  });

  test('coherence of reads: two readers see two writes to one key in different orders', () => {
    expect(judge('w x 1', 'w x 2', 'r x 1; r x 2', 'r x 2; r x 1')).toEqual({
      holds: ['causal-memory'],
      breaks: ['causal-convergence'],
    });
  });

  test('2+2W: two keys are written in opposite orders, and both of them keep the earlier write of a process', () => {
    expect(judge('w x 1; w y 2', 'w y 1; w x 2', 'r x 2; r x 1', 'r y 2; r y 1')).toEqual({
      holds: ['causal-memory'],
      breaks: ['causal-convergence'],
    });
  });

  test('R: a write comes after another process has written two keys, and its process does not see the first', () => {
    expect(judge('w x 1; w y 1', 'w y 2; r x 0', 'r y 1; r y 2')).toEqual(sequentialAtMost);
  });

  test('S: a process reads what another wrote second, and yet writes before what that wrote first', () => {
    expect(judge('w x 2; w y 1', 'r y 1; w x 1', 'r x 1; r x 2').breaks).toEqual(['causal']);
  });
});

describe('Hutto & Ahamad 1990; Ahamad, Neiger, Burns, Kohli & Hutto 1995', () => {
  test('slow memory alone: each key is seen in the order of its writer, and two keys are not', () => {
    expect(judge('w x 1; w x 2; w y 3', 'r y 3; r x 1; r x 2').breaks).toEqual(['pram', 'causal']);
  });

  test('causal memory: concurrent writes are seen in either order', () => {
    expect(judge('w x 1; w x 3', 'r x 1; w x 2', 'r x 1; r x 3; r x 2', 'r x 1; r x 2; r x 3')).toEqual({
      holds: ['causal-memory'],
      breaks: ['causal-convergence'],
    });
  });

  test('not causal memory: a write is seen before the one that its process had read', () => {
    expect(judge('w x 1', 'r x 1; w x 2', 'r x 2; r x 1', 'r x 1; r x 2')).toEqual({
      holds: ['pram', 'writes-follow-reads'],
      breaks: ['causal'],
    });
  });
});

describe('Terry et al. 1994, of lists', () => {
  test('each guarantee is broken without the three others', () => {
    expect(judge('a x 1; l x -')).toEqual({
      holds: ['monotonic-reads', 'monotonic-writes', 'writes-follow-reads'],
      breaks: ['read-your-writes'],
    });
    expect(judge('a x 1', 'l x 1; l x -')).toMatchObject({
      holds: ['read-your-writes', 'monotonic-writes', 'writes-follow-reads'],
      breaks: ['causal', 'monotonic-reads'],
    });
    expect(judge('a x 1; a x 2', 'l x 2,1')).toEqual({
      holds: ['read-your-writes', 'monotonic-reads', 'writes-follow-reads'],
      breaks: ['monotonic-writes'],
    });
    expect(judge('a x 1', 'l x 1; a x 2', 'l x 2,1')).toEqual({
      holds: ['pram'],
      breaks: ['writes-follow-reads'],
    });
  });

  test('read your writes: an own append stands before what its process had read', () => {
    expect(judge('l x 1; a x 2; l x 2,1', 'a x 1').breaks).toEqual(['read-your-writes', 'writes-follow-reads']);
  });

  test('writes follow reads of what was read by way of two others', () => {
    expect(judge('a x 1', 'l x 1; a y 1', 'l y 1; a z 1', 'l z 1; a x 2', 'l x 2').breaks).toEqual([
      'writes-follow-reads',
    ]);
    expect(judge('a x 1', 'l x 1; a y 1', 'a y 2', 'l y 1,2; a x 2', 'l x 2').breaks).toEqual(['writes-follow-reads']);
  });

  test('writes follow reads by way of another key', () => {
    expect(judge('a x 1', 'l x 1; a y 1', 'l y 1; a x 2', 'l x 2').breaks).toEqual(['writes-follow-reads']);
  });
});

describe('what Burckhardt 2014 and Viotti & Vukolić 2016 tell apart', () => {
  test('a long fork: two writes, and two readers each of whom sees one of them alone', () => {
    expect(judge('a x 1', 'a y 1', 'l x 1; l y -', 'l y 1; l x -')).toEqual({
      holds: ['causal-memory', 'causal-convergence'],
      breaks: ['sequential'],
    });
  });

  test('real time is nothing to sequential consistency: a read behind a completed write misses it', () => {
    expect(judge('a x 1', ' ; l x -; l x 1')).toEqual({ holds: ['sequential'], breaks: ['linearizable'] });
  });

  test('a photo is added to an album of which everybody sees the photo and not the album', () => {
    expect(judge('a album 1; a photos 1', 'l photos 1; a comments 1', 'l comments 1; l album -').breaks).toEqual([
      'causal',
    ]);
  });
});

describe('cas and unknown outcomes', () => {
  test('a refused cas that says what it met is a read of it', () => {
    expect(judge('w x 1; w x 2', 'r x 2; f x 7 1').breaks).toEqual(['causal', 'monotonic-reads']);
    expect(judge('w x 1', 'f x 7 1; r x 1').holds).toEqual(['linearizable']);
  });

  test('a cas of unknown outcome that was observed happened, and took its value', () => {
    expect(judge('?c x 0 1', 'r x 1; c x 0 2').breaks).toEqual(['causal', 'monotonic-reads']);
    expect(judge('?c x 0 1', 'c x 0 2; r x 2').holds).toEqual(['linearizable']);
    expect(judge('?c x 0 1', '?c x 1 2', 'r x 2; r x 0').breaks).toEqual(['causal', 'monotonic-reads']);
  });

  test('two keys swapped in opposite orders: each is sequential and both together are not', () => {
    expect(judge('c x 0 1; r y 0', 'c y 0 1; r x 0')).toEqual({
      holds: ['causal-memory', 'causal-convergence'],
      breaks: ['sequential'],
    });
  });
});
