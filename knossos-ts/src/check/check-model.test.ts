import { expect, test } from 'vitest';
import type { HistoryEvent } from '../history/operation.ts';
import { Rejection, type Model } from '../models/model.ts';
import { Script } from '../testing/script.ts';
import { checkModel } from './check-model.ts';

/** The worked example of docs/models.md: tickets are numbered from 1, each number is drawn once, and in order. */
const tickets: Model<number> = {
  name: 'tickets',
  init: 0,
  step: (state, { type, output }) =>
    type !== 'ok' || output === state + 1
      ? state + 1
      : new Rejection(() => `the next ticket is ${state + 1}, and ${JSON.stringify(output)} was drawn`),
  key: (state) => state,
  describe: (state) => (state === 0 ? 'no ticket drawn' : `ticket ${state} drawn last`),
};

const drawn = (...numbers: readonly number[]): readonly HistoryEvent[] => {
  const script = new Script(null);
  for (const [process, number] of numbers.entries()) script.does(process, 'draw', null, number);
  return script.events;
};

test('a model of the user is judged, with a witness order where it is asked for', () => {
  const { verdict, keys } = checkModel(drawn(1, 2, 3), tickets, { witness: true });

  expect(verdict.valid).toBe(true);
  expect(keys[0]?.verdict).toEqual({ valid: true, witness: [0, 2, 4] });
});

test('what breaks a model of the user is explained in its words', () => {
  const { verdict } = checkModel(drawn(1, 2, 2), tickets);

  if (verdict.valid !== false) throw new Error(`It is ${verdict.valid}`);
  const { sentence, rejected, verified } = verdict.counterexample;
  expect({ sentence, rejected, verified }).toEqual({
    sentence:
      'No order of these 3 operations explains what they saw: the longest that was found holds 2, and then the value is ticket 2 drawn last and process 2 cannot have called draw.',
    rejected: { operation: 4, why: 'the next ticket is 3, and 2 was drawn' },
    verified: true,
  });
});

test('what a model throws makes its key unknown', () => {
  const broken = {
    ...tickets,
    step: () => {
      throw new Error('the printer is out of paper');
    },
  };

  expect(checkModel(drawn(1), broken).verdict).toMatchObject({ valid: 'unknown', reason: 'error' });
});
