import { expect, test } from 'vitest';
import { checkSync } from '../../check/check.ts';
import { hasLegalOrder } from '../../explain/brute-force.ts';
import type { HistoryEvent, Operation } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { casRegister } from '../../models/cas-register.ts';
import { busyHistory } from '../../testing/busy-history.ts';
import { eventsOf } from '../../testing/events-of.ts';
import { mustBeLegalOrder } from '../../testing/legal-order.ts';
import { Script } from '../../testing/script.ts';
import type { Counterexample, KeyVerdict } from '../../verdict.ts';
import { searchFor } from '../search.ts';

const model = 'cas-register';
const swapped = { swapped: true };

function judged(events: readonly HistoryEvent[]): KeyVerdict {
  const [key] = checkSync(events, { model, witness: true }).keys;
  return key as KeyVerdict;
}

function storyOf(events: readonly HistoryEvent[]): Counterexample {
  const { verdict, engine } = judged(events);
  if (verdict.valid !== false) throw new Error(`It is ${verdict.valid}`);
  expect(engine).toBe('chain-zone');
  return verdict.counterexample;
}

/** One cas after the other, from 0 to so many. */
function chain(length: number): Script {
  const script = new Script().does(1, 'write', 0, null);
  for (let value = 0; value < length; value++) script.does(1 + (value % 3), 'cas', [value, value + 1], swapped);
  return script;
}

test('a stale read at the end of a long chain of cas is told by what is near it', () => {
  const { operations, cut, verified, sentence, order } = storyOf(chain(1_000).does(9, 'read', null, 998).events);

  expect(operations.map(({ f, input, output }) => [f, input ?? output])).toEqual([
    ['cas', [997, 998]],
    ['cas', [998, 999]],
    ['read', 998],
  ]);
  expect(cut).toEqual([operations[0]?.id]);
  expect(verified).toBe(true);
  expect(order.map(({ state }) => state)).toEqual(['998', '999']);
  expect(sentence).toBe(
    'Process 9 read 998 from key 17, 3 ms after process 3 had been told that its cas swapped 998 for 999.',
  );
});

test('where everything between is needed, a proof has more operations than can be tried, and is verified by its rules', () => {
  const script = new Script().does(1, 'write', 0, null).does(1, 'read', null, 0);
  // Nobody returns before the last one, so that only their order says what came first.
  for (let value = 0; value < 30; value++) script.invoke(10 + value, 'cas', [value, value + 1]);
  script.does(2, 'read', null, 30).does(3, 'read', null, 0);
  for (let value = 0; value < 30; value++) script.ok(10 + value, 'cas', swapped);

  const { operations, verified, sentence, alternatives, rejected } = storyOf(script.events);

  expect(operations.length).toBe(33);
  expect(verified).toBe(true);
  expect(sentence).toBe('Process 3 read 0 from key 17, 1 ms after process 2 had read 30, which came after 0.');
  expect(rejected.why.length + alternatives.length).toBeGreaterThan(0);
});

test('an info write that nobody saw is left out, and one whose absence somebody may have seen is not', () => {
  const unseen = new Script().invoke(1, 'write', 1).info(1, 'write').does(2, 'cas', [null, 5], swapped).events;
  const refused = new Script()
    .invoke(1, 'write', 1)
    .info(1, 'write')
    .does(2, 'cas', [null, 5], { swapped: false }).events;
  const refusedTwice = new Script().does(1, 'write', 1, null).does(2, 'cas', [1, 5], { swapped: false }).events;

  expect(judged(unseen)).toMatchObject({ engine: 'chain-zone', verdict: { valid: true, witness: [2] } });
  expect(judged(refused)).toMatchObject({ engine: 'search', verdict: { valid: true } });
  expect(judged(refusedTwice)).toMatchObject({ engine: 'search', verdict: { valid: false } });
});

test('a refused cas that saw no value is placed where another value was', () => {
  const script = new Script().invoke(1, 'write', 1).invoke(2, 'cas', [null, 7]).does(3, 'read', null, null);
  const { events } = script.ok(2, 'cas', { swapped: false }).ok(1, 'write');

  expect(judged(events)).toMatchObject({ engine: 'chain-zone', verdict: { valid: true, witness: [2, 0, 1] } });
});

test('what is not unique does not keep the rest from being refuted', () => {
  const script = new Script().does(1, 'delete', null, null).does(1, 'delete', null, null).does(2, 'read', null, null);
  const { events } = script.does(1, 'write', 5, null).does(1, 'write', 6, null).does(2, 'read', null, 5);

  const { operations } = storyOf(events);

  expect(operations.map(({ f }) => f)).toEqual(['write', 'write', 'read']);
});

const loads = [1, 2, 3, 4, 5, 6].map((seed) => ({ operations: 400, clients: 3 + seed, info: 0.05, seed }));

test.each(loads)('it agrees with the search on longer histories, spoilt and not (seed $seed)', (load) => {
  const events = eventsOf(busyHistory(load));
  for (let spoilt = 0; spoilt < 12; spoilt++) {
    const history = pairOperations(spoilt === 0 ? events : spoil(events, spoilt));
    const register = casRegister(null);
    const found = searchFor(register, history).advance(20_000_000);
    const { verdict, engine } = judged(spoilt === 0 ? events : spoil(events, spoilt));

    expect([engine, verdict.valid]).toEqual(['chain-zone', found?.legal]);
    expect(verdict.valid !== false || isProof(verdict.counterexample)).toBe(true);
    if (verdict.valid !== true) continue;
    const byId = new Map(history.map((operation) => [operation.id, operation]));
    const order = (verdict.witness ?? []).map((id) => byId.get(id) as Operation);
    mustBeLegalOrder(register, history, order);
  }
});

function isProof({ verified, operations, cut }: Counterexample): boolean {
  if (operations.length > 12 || cut !== undefined) return verified;
  return verified && !hasLegalOrder(casRegister(null), operations);
}

/** Some read near the end sees what another read saw. */
function spoil(events: readonly HistoryEvent[], seed: number): HistoryEvent[] {
  const reads = events.filter(({ type, f }) => type === 'ok' && f === 'read');
  const at = reads[reads.length - 1 - ((seed * 7) % 40)];
  const seen = reads[reads.length - 1 - ((seed * 13) % 50)]?.value ?? null;
  return events.map((event) => (event === at ? { ...event, value: seen } : event));
}
