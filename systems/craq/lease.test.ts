import { expect, test } from 'vitest';
import { instant, milliseconds } from '../../src/core/time.ts';
import { Lease } from './lease.ts';
import { settingsOf } from './settings.ts';
import { openSession, read, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** Five nodes, so that two of them may be cut off while the others keep the configuration. */
function scene(): { readonly stage: Stage; readonly session: number } {
  const stage = new Stage({ nodes: 5 });
  return { stage, session: stage.withOne() };
}

test('a node that is cut off serves until its lease is over, and the others do not go on before', () => {
  const { stage, session } = scene();
  stage.isolate('n5');

  let last: unknown = null;
  for (let passed = 0; passed < 4_000; passed += 50) {
    const [removed, others] = [stage.read('n5'), stage.says('n1', write(session, 2 + passed, 2 + passed))];
    // Never both: a write that the removed tail lacks, and a read of the removed tail.
    expect([removed, others]).not.toEqual([1, 'write_ok']);
    last = others;
    stage.pass(50);
  }

  expect([stage.read('n5'), last]).toEqual(['code 11', 'write_ok']);
});

test('a head that is cut off takes no more writes when its lease is over, and says of older ones that nobody knows', () => {
  const { stage, session } = scene();
  stage.isolate('n1');
  const early = stage.request('n1', write(session, 2, 2));
  stage.pass(4_000);

  expect(stage.says('n1', openSession)).toBe('code 11');
  expect(stage.chain('n2')).toBe('n2-n3-n4-n5');
  expect(stage.said(early)).toBeNull();
  stage.heal();
  stage.until('n1', 'n2-n3-n4-n5-n1');
  expect(stage.said(early)).toBe('code 13');
});

test('a tail that slept through the end of its lease does not answer when it wakes', () => {
  const { stage } = scene();
  const asleep = stage.timers('n5');
  expect(asleep).toContain('tick');
  // It is asked as it wakes, before any of its timers rings.
  stage.wait(1_001);

  expect(stage.said(stage.request('n5', read()))).toBe('code 11');
  expect(stage.said(stage.request('n1', openSession))).toBe('code 11');
});

test('a tail without a lease tells nobody how far it is, and commits nothing', () => {
  const { stage, session } = scene();
  const writing = stage.request('n1', write(session, 2, 2));
  const asking = stage.request('n4', read());
  expect(stage.said(asking)).toBe(1);
  stage.wait(1_001);
  for (const [from, to] of ['n1 n2', 'n2 n3', 'n3 n4', 'n4 n5'].map((way) => way.split(' ')))
    stage.deliver(from ?? '', to ?? '', 'update');
  stage.say('n4', 'n5', { type: 'version-query', epoch: 1, life: 1, number: 1 });

  expect(stage.node('n5').store).toMatchObject({ last: 3, committed: 2 });
  expect(stage.letters.filter(({ text }) => text.includes('version-reply'))).toEqual([]);
  // With its lease comes what it has held back.
  stage.pass(300);
  expect(stage.said(writing)).toBe('write_ok');
});

test('a lease that was asked for in another life, or of another epoch, is none', () => {
  const { stage } = scene();
  const { configuration } = stage.node('n5');
  stage.crash('n5');
  stage.start('n5');
  stage.letters.length = 0;
  for (const number of [1, 2, 3]) stage.say('n1', 'n5', { type: 'grant', life: 1, number, configuration });

  expect(stage.said(stage.request('n5', read()))).toBe('code 11');
  stage.isolate('n5');
  stage.until('n1', 'n1-n2-n3-n4');
  stage.say('n1', 'n4', { type: 'grant', life: 1, number: 40, configuration });
  expect(stage.chain('n4')).toBe('n1-n2-n3-n4');
});

test('an answer counts for as long as it would be a lease, however many questions were asked since', () => {
  const lease = new Lease(settingsOf({ bug: null, values: { beat: 5, lease: 1_000 } }));
  const at = (count: number) => instant(milliseconds(count));
  const early = lease.ask(at(0));
  const late = lease.ask(at(5));
  // Half a second until the first answer comes: a question at every beat meanwhile.
  for (let count = 10; count <= 500; count += 5) lease.ask(at(count));

  lease.extend(late);
  expect([lease.holdsAt(at(1_004)), lease.holdsAt(at(1_005))]).toEqual([true, false]);
  // One that comes late takes nothing back.
  lease.extend(early);
  expect(lease.holdsAt(at(1_004))).toBe(true);
});

test('the wait for a lease allows for clocks that drift as far as is assumed', () => {
  const stage = new Stage({ nodes: 5, values: { maxDrift: 0.2 } });
  const session = stage.withOne();
  // The tail is slow; whoever keeps the configuration is fast, as fast as all others.
  stage.drift('n5', -0.2);
  for (const name of ['n1', 'n2', 'n3', 'n4']) stage.drift(name, 0.2);
  stage.pass(1_500);
  stage.isolate('n5');
  // At once, so that nothing but the wait for its lease holds the others back.
  expect(stage.keeper()).not.toBe('n5');
  stage.request(stage.keeper(), { type: 'remove_node', node: 'n5' });

  for (let passed = 0; passed < 5_000; passed += 50) {
    const [removed, others] = [stage.read('n5'), stage.says('n1', write(session, 2 + passed, 2 + passed))];
    expect([removed, others]).not.toEqual([1, 'write_ok']);
    stage.pass(50);
  }

  expect(stage.chain('n1')).toBe('n1-n2-n3-n4');
});

test('who has said that it moved on need not be waited for', () => {
  const { stage } = scene();
  const request = stage.request('n1', { type: 'remove_node', node: 'n5' });
  const { leader } = stage.answer(request) as { readonly leader?: string } & object;
  const asked = leader === undefined ? request : stage.request(leader, { type: 'remove_node', node: 'n5' });
  // No time passes: nobody's lease can have ended, but all have heard of the new chain.
  stage.settle();

  expect(stage.answer(asked)).toEqual({ type: 'remove_node_ok', members: ['n1', 'n2', 'n3', 'n4'] });
  expect(stage.chain('n1')).toBe('n1-n2-n3-n4');
  expect(stage.machine('n5').inspect().role).toBe('removed');
  expect([stage.read('n5'), stage.read('n4')]).toEqual(['code 11', 1]);
});
