/** What an operator asks for: `remove_node` and `add_node` (keeper.ts). */
import { expect, test } from 'vitest';
import { cas } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

function scene(): { readonly stage: Stage; readonly session: number } {
  const stage = new Stage({ nodes: 5 });
  return { stage, session: stage.withOne() };
}

test('who was taken out stays out until it is let in again', () => {
  const { stage, session } = scene();
  const change = (type: string): number => {
    const request = stage.request('n1', { type, node: 'n1' });
    const leader = stage.answer(request)?.['leader'];
    return typeof leader === 'string' ? stage.request(leader, { type, node: 'n1' }) : request;
  };
  change('remove_node');
  stage.pass(4_000);
  expect(stage.chain('n2')).toBe('n2-n3-n4-n5');
  expect(stage.says('n2', cas(session, 2, 1, 2))).toBe('cas_ok');

  const back = change('add_node');
  stage.pass(1_500);

  expect(stage.answer(back)).toMatchObject({ type: 'add_node_ok' });
  expect([stage.chain('n1'), stage.read('n1')]).toEqual(['n2-n3-n4-n5-n1', 2]);
});

test('an operator may have a node replaced, although without it the chain would be too short', () => {
  const { stage } = scene();
  const keeper = stage.keeper();
  const change = (type: string, node: string): number => stage.request(keeper, { type, node });
  for (const node of ['n4', 'n5']) change('remove_node', node);
  stage.until('n1', 'n1-n2-n3');

  const going = change('remove_node', 'n3');
  stage.pass(300);
  expect([stage.said(going), stage.chain('n1')]).toEqual([null, 'n1-n2-n3']);
  const coming = change('add_node', 'n4');
  stage.pass(1_500);

  expect([stage.said(going), stage.said(coming)]).toEqual(['remove_node_ok', 'add_node_ok']);
  expect(['n1', 'n3', 'n5'].map((name) => stage.chain(name))).toEqual(['n1-n2-n4', 'n1-n2-n4', 'n1-n2-n4']);
});

test('the latest wish about a node counts, also when an earlier one had to wait', () => {
  const { stage } = scene();
  const keeper = stage.keeper();
  const [gone, also] = ['n5', 'n4', 'n3'].filter((name) => name !== keeper) as [string, string];
  for (const name of [gone, also]) stage.crash(name);
  const left = ['n1', 'n2', 'n3', 'n4', 'n5'].filter((name) => name !== gone && name !== also);
  stage.until(keeper, left.join('-'));

  const going = stage.request(keeper, { type: 'remove_node', node: 'n1' });
  const staying = stage.request(keeper, { type: 'add_node', node: 'n1' });
  expect([stage.said(going), stage.said(staying)]).toEqual(['code 13', 'add_node_ok']);
  for (const name of [gone, also]) stage.start(name);
  stage.pass(3_000);

  expect(stage.chain('n1').split('-').toSorted()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
});

test('nothing is said to be done while something is under way that may undo it', () => {
  const { stage } = scene();
  const keeper = stage.keeper();
  const going = stage.request(keeper, { type: 'remove_node', node: 'n1' });
  const coming = stage.request(keeper, { type: 'add_node', node: 'n1' });
  expect([stage.said(going), stage.said(coming)]).toEqual(['code 13', null]);

  stage.pass(3_000);

  expect(stage.said(coming)).toBe('add_node_ok');
  expect(stage.chain('n1').split('-').toSorted()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
});
