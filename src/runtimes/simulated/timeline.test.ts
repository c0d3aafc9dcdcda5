import { expect, test } from 'vitest';
import { milliseconds } from '../../core/time.ts';
import { Timeline } from './timeline.ts';

function play(names: readonly string[]): { readonly order: string[]; readonly hash: string } {
  const timeline = new Timeline();
  const order: string[] = [];
  for (const [index, name] of names.entries())
    timeline.after(milliseconds(index % 3), () => {
      timeline.trace(name, 'step', '');
      order.push(`${timeline.now() / 1e6} ${name}`);
    });
  while (timeline.advance());
  return { order, hash: timeline.hash() };
}

test('events happen by time, and those of one instant in the order in which they were arranged', () => {
  expect(play(['a', 'b', 'c', 'd', 'e', 'f']).order).toEqual(['0 a', '0 d', '1 b', '1 e', '2 c', '2 f']);
});

test('the same steps give the same hash, and one other step gives another', () => {
  expect(play(['a', 'b']).hash).toBe(play(['a', 'b']).hash);
  expect(play(['a', 'b']).hash).not.toBe(play(['a', 'x']).hash);
});

test('the hash is of when, who, which kind and which input', () => {
  const hashOf = (after: number, who: string, kind: string, input: string): string => {
    const timeline = new Timeline();
    timeline.after(milliseconds(after), () => timeline.trace(who, kind, input));
    while (timeline.advance());
    return timeline.hash();
  };
  const hashes = [
    hashOf(1, 'n1', 'peer', 'vote'),
    hashOf(2, 'n1', 'peer', 'vote'),
    hashOf(1, 'n2', 'peer', 'vote'),
    hashOf(1, 'n1', 'timer', 'vote'),
    hashOf(1, 'n1', 'peer', 'append'),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('what was cancelled does not happen and takes no time', () => {
  const timeline = new Timeline();
  const cancel = timeline.after(milliseconds(9), () => expect.unreachable());
  timeline.after(milliseconds(1), () => {});
  cancel();
  while (timeline.advance());
  expect(timeline.now()).toBe(milliseconds(1));
});
