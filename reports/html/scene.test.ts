import type { Operation } from 'knossos-ts';
import { pairOperations } from 'knossos-ts';
import { describe, expect, test } from 'vitest';
import { staleReadCounterexample, violated } from '../testing/runs.ts';
import { bystanders, tell } from '../testing/story.ts';
import { limits, sceneNotes, sceneOf } from './scene.ts';

const { run, history } = violated();
const counterexample = staleReadCounterexample();
const onKey = (events = history): readonly Operation[] => pairOperations(events.filter(({ key }) => key === '17'));

describe('the scene of a counterexample', () => {
  const { scene, othersShown, othersLeftOut } = sceneOf(counterexample, onKey(), run.faults);

  test('has the processes of the story on top, the others below', () => {
    expect(scene.lanes.slice(0, scene.storyLanes).map(({ name }) => name)).toEqual([
      'process 1',
      'process 3',
      'process 7',
    ]);
    expect(scene.lanes.length - scene.storyLanes).toBe(10);
    expect([othersShown, othersLeftOut, scene.fewLanes]).toEqual([17, 0, 4]);
  });

  test('marks the impossible operation, and what is never answered or failed', () => {
    expect(scene.bars.filter(({ look }) => look === 'impossible').map(({ label }) => label)).toEqual(['read 41']);
    expect(scene.bars.filter(({ open }) => open).map(({ label }) => label)).toEqual(['write 43']);
    expect(scene.bars.filter(({ colour }) => colour === 't-fail').map(({ label }) => label)).toEqual(['write 44']);
  });

  test('explains each arrow by its rule and its reason', () => {
    expect(scene.arrows.map(({ label }) => label)).toEqual(['254 ms earlier', '431 ms earlier', '']);
    expect(scene.arrows[1]?.lines).toEqual([
      'Forced by real time',
      'Process 3 finished write 42 before process 7 began read 41.',
    ]);
  });

  test('keeps the order of instants in its ranks', () => {
    const instants = scene.bars.flatMap(({ from, to, rankFrom, rankTo }) => [
      [from, rankFrom] as const,
      [to, rankTo] as const,
    ]);
    const sorted = instants.toSorted(([one], [other]) => one - other);
    const ranks = sorted.map(([, rank]) => rank);
    expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
    expect(Math.max(...ranks)).toBeLessThan(scene.ranks);
  });

  test('shades the faults that were active, and says when they end beyond the picture', () => {
    expect(scene.bands.map(({ label, colour, begins }) => ({ label, colour, begins }))).toEqual([
      { label: 'partition n1 (primary) n2 | n3 n4 n5 · until 28.10 s', colour: 'k-partition', begins: true },
    ]);
  });
});

test('a busy key shows the operations nearest to the impossible one, and counts the rest', () => {
  // Given
  const reads = bystanders('17', () => 42, 500).map((one, index) => ({ ...one, process: 100 + index }));
  const events = tell(reads).events.map((event) => ({ ...event, index: event.index + 10_000 }));
  // When
  const parts = sceneOf(counterexample, pairOperations(events), run.faults);
  // Then
  expect([parts.othersShown, parts.othersLeftOut]).toEqual([limits.others, 500 - limits.others]);
  expect(Math.min(...parts.scene.bars.filter(({ look }) => look === 'other').map(({ from }) => from))).toBeGreaterThan(
    18.7,
  );
  expect(sceneNotes(parts, counterexample, run.faults)).toEqual([
    '440 more operations on key 17 at that time left out; they are in the history.',
  ]);
});

test('where no fault was active, the last one before is named: the cause may lie earlier', () => {
  const [partition] = run.faults;
  const before = { ...partition!, begunAt: 1e9, endedAt: 17.5e9 };
  const parts = sceneOf(counterexample, [], [before]);
  expect(sceneNotes(parts, counterexample, [before])).toEqual([
    'No fault was active at that time; the last one before, partition n1 (primary) n2 | n3 n4 n5, had ended at 17.50 s.',
  ]);
});

test('operations of another time are not drawn', () => {
  const late = tell([{ process: 1, f: 'read', key: '17', output: 9, from: 40, to: 41 }]).operations;
  expect(sceneOf(counterexample, late, []).othersShown).toBe(0);
});
