import { expect, test } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { Attempts } from './attempts.ts';

const n1 = nodeId('n1');
const error = { code: null, text: 'no answer' };

test('an operation whose every attempt was definite has failed', () => {
  const attempts = new Attempts();
  for (let count = 0; count < 2; count++) attempts.settleAsDefinite(attempts.open(n1, 'effect'));
  attempts.open(n1, 'harmless');

  expect(attempts.outcome(error)).toEqual({ type: 'fail', error });
});

test('one attempt that is open leaves the operation open', () => {
  const attempts = new Attempts();
  attempts.open(n1, 'effect');
  attempts.settleAsDefinite(attempts.open(n1, 'effect'));

  expect(attempts.inDoubt).toBe(true);
  expect(attempts.outcome(error)).toEqual({ type: 'info', error });
});

test('ids are never used again, and those of the operation before are not known any more', () => {
  const attempts = new Attempts();
  const early = attempts.open(n1, 'effect');
  attempts.beginOperation();
  const late = attempts.open(nodeId('n2'), 'effect');

  expect([early, late]).toEqual([1, 2]);
  expect([attempts.has(early), attempts.has(late)]).toEqual([false, true]);
  expect(attempts.nodeOf(late)).toBe('n2');
  expect(() => attempts.settleAsDefinite(early)).toThrow('attempt 1 is not of the operation in progress');
});
