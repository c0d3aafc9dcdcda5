import { expect, test } from 'vitest';
import { UsageError } from './errors.ts';
import { unknownName } from './suggest.ts';

test('a misspelt name is answered with the nearest and with all that are known, in order', () => {
  const error = unknownName('system', 'rfat', ['raft', 'craq']);

  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toBe('Unknown system "rfat". Did you mean raft? Known: craq, raft.');
});

test('a name that resembles nothing gets no suggestion', () => {
  expect(unknownName('system', 'zookeeper', ['raft', 'craq']).message).toBe(
    'Unknown system "zookeeper". Known: craq, raft.',
  );
});

test('an empty name gets no suggestion', () => {
  expect(unknownName('nemesis', '', ['kill']).message).toBe('Unknown nemesis "". Known: kill.');
});
