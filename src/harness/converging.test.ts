import { expect, test } from 'vitest';
import type { NodeId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { Instant } from '../core/time.ts';
import type { Done } from '../environments/faults.ts';
import { beginConverging } from './converging.ts';
import type { Mark } from './marks.ts';

/** What each node answers for x, round by round; `'silent'` is an error. The last is repeated. */
function play(answers: { readonly [node: string]: readonly Json[] }, rounds: number) {
  const marks: Mark[] = [];
  const waiting: (() => void)[] = [];
  const ended: true[] = [];
  const asked = new Map<string, number>();
  beginConverging({
    nodes: Object.keys(answers) as NodeId[],
    keys: ['x'],
    world: { after: (_delay, fire) => (waiting.push(fire), () => {}) },
    until: 0 as Instant,
    faults: {
      peek: (node: NodeId, _key: string, answer: Done<Json>) => {
        const round = asked.get(node) ?? 0;
        asked.set(node, round + 1);
        const value = answers[node]?.[Math.min(round, answers[node].length - 1)] ?? null;
        answer(value === 'silent' ? { ok: false, error: 'it is down' } : { ok: true, value });
      },
    },
    mark: (mark) => marks.push(mark) as Instant,
    done: () => void ended.push(true),
  });
  for (let round = 1; round < rounds; round++) waiting.shift()?.();
  return {
    done: ended.length === 1,
    seen: marks.flatMap((mark) =>
      mark.mark === 'peek' ? [`${mark.round} ${mark.node} ${JSON.stringify(mark.values['x'])}`] : [],
    ),
  };
}

test('all nodes are asked until they agree twice in a row, and everything seen is told', () => {
  expect(play({ n1: [2], n2: [1, 2] }, 9)).toEqual({
    done: true,
    seen: ['1 n1 2', '1 n2 1', '2 n1 2', '2 n2 2', '3 n1 2', '3 n2 2'],
  });
});

test('agreeing twice on different values is not enough', () => {
  expect(play({ n1: [1, 2], n2: [1, 2] }, 2).done).toBe(false);
  expect(play({ n1: [1, 2], n2: [1, 2] }, 3).done).toBe(true);
});

test('a node that does not answer is not in the round, and nobody agrees without it', () => {
  expect(play({ n1: [1], n2: ['silent', 'silent', 1] }, 4)).toEqual({
    done: true,
    seen: ['1 n1 1', '2 n1 1', '3 n1 1', '3 n2 1', '4 n1 1', '4 n2 1'],
  });
  expect(play({ n1: [1], n2: ['silent'] }, 9).done).toBe(false);
});

test('what answers after it was stopped is neither told nor asked again', () => {
  const marks: Mark[] = [];
  const answers: Done<Json>[] = [];
  const { stop } = beginConverging({
    nodes: ['n1' as NodeId],
    keys: ['x'],
    world: { after: () => expect.unreachable('asked again') },
    until: 0 as Instant,
    faults: { peek: (_node, _key, answer) => void answers.push(answer) },
    mark: (mark) => marks.push(mark) as Instant,
    done: () => expect.unreachable('done'),
  });

  stop();
  answers[0]?.({ ok: true, value: 1 });

  expect([answers.length, marks]).toEqual([1, []]);
});
