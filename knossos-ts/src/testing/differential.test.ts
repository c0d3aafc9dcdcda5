/** KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchFor } from '../engines/search.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { Evidence } from '../explain/evidence.ts';
import { explain } from '../explain/explain.ts';
import { tell, type StoryKind } from '../explain/story.ts';
import { ValueBlocks } from '../explain/value-blocks.ts';
import type { Operation, Value } from '../history/operation.ts';
import { models } from '../models/catalogue.ts';
import type { Model } from '../models/model.ts';
import { seesAbsence } from '../models/register-values.ts';
import type { Counterexample } from '../verdict.ts';
import { smallHistory } from './histories.ts';
import { must, mustBeLegalOrder } from './legal-order.ts';
import { mustBeTrue } from './true-sentence.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 12_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);
const timeout = 60_000 + runs * 2;

const kinds: { readonly [name in 'register' | 'cas-register']: readonly StoryKind[] } = {
  register: ['thin-air', 'failed-write-seen', 'read-from-the-future', 'lost-write', 'stale', 'flicker'],
  'cas-register': [
    'thin-air',
    'failed-write-seen',
    'read-from-the-future',
    'lost-update',
    'lost-write',
    'stale',
    'wrongly-refused',
  ],
};

for (const name of Object.keys(kinds) as (keyof typeof kinds)[]) {
  const model = models[name](null);

  test(
    `${name}: search and brute force agree on ${runs} small histories, and each violation gets a small proof and a true sentence (seed ${seed})`,
    { timeout },
    () => {
      const counts = { legal: 0, illegal: 0 };
      const told = new Map<string, number>();
      let claims = 0;
      const property = fc.property(smallHistory(name), (history) => {
        const legal = hasLegalOrder(model, history);
        counts[legal ? 'legal' : 'illegal']++;
        const search = searchFor(model, history);
        const result = search.advance(1_000_000);
        must(result?.legal === legal, () => `the search says ${result?.legal}, brute force ${legal}`);
        if (result?.legal === false) {
          const counterexample = explainNow(model, history, result.at);
          mustBeProof(model, history, counterexample);
          mustBeSmall(model, counterexample);
          claims += mustBeTrue(counterexample.sentence, history);
          const kind = kindOf(model, history, counterexample);
          told.set(kind, (told.get(kind) ?? 0) + 1);
        } else mustBeLegalOrder(model, history, search.order() ?? []);
      });
      fc.assert(property, { numRuns: runs, seed });
      console.log(name, counts, Object.fromEntries(told));
      expect(Math.min(counts.legal, counts.illegal)).toBeGreaterThan(runs / 20);
      expect(claims).toBeGreaterThan(counts.illegal / 2);
      expect([...told.keys()]).toEqual(expect.arrayContaining([...kinds[name]]));
    },
  );

  test(
    `${name}: no story can be told of a legal history, and taking out values keeps it legal (seed ${seed})`,
    { timeout },
    () => {
      let asked = 0;
      const property = fc.property(smallHistory(name), fc.nat(), (history, draw) => {
        if (searchFor(model, history).advance(1_000_000)?.legal !== true) return;
        const certain = history.filter(({ type }) => type !== 'fail');
        const evidence = new Evidence(model.init as Value, history);
        for (const at of certain) {
          const story = tell(evidence, certain, at);
          must(story === undefined, () => `told of a legal history: ${story?.sentence}`);
        }
        if (certain.some(seesAbsence)) return;
        asked++;
        const blocks = new ValueBlocks(certain);
        const value = blocks.all[draw % blocks.all.length];
        const block = blocks.blockOf(value === undefined ? [] : [value]);
        const rest = certain.filter((operation) => !block.has(operation));
        must(hasLegalOrder(model, rest), () => `without ${String(value)} it is not legal`);
      });
      fc.assert(property, { numRuns: Math.ceil(runs / 2), seed });
      expect(asked).toBeGreaterThan(runs / 10);
    },
  );
}

/** Each operation that changes nothing is needed. */
function mustBeSmall(model: Model<unknown>, { operations }: Counterexample): void {
  for (const operation of operations.filter((one) => model.readOnly?.(one) === true)) {
    const rest = operations.filter((other) => other !== operation);
    must(hasLegalOrder(model, rest), () => `operation ${operation.id} is superfluous`);
  }
}

/** As the library tells it. */
function kindOf(model: Model<unknown>, history: readonly Operation[], story: Counterexample): StoryKind | 'other' {
  const evidence = new Evidence(model.init as Value, history);
  return tell(evidence, story.operations, operationOf(story, story.impossible))?.kind ?? 'other';
}

function explainNow(model: Model<unknown>, history: readonly Operation[], at: Operation): Counterexample {
  const work = explain(model, 'k', history, at);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

const operationOf = (story: Counterexample, id: number): Operation =>
  story.operations.find((operation) => operation.id === id) as Operation;

function mustBeProof(model: Model<unknown>, history: readonly Operation[], story: Counterexample): void {
  must(story.verified && !hasLegalOrder(model, story.operations), () => 'it is no proof');
  must(
    story.operations.every((operation) => history.includes(operation)),
    () => 'it is about something else',
  );
  must(story.rejected.operation === story.impossible, () => 'two operations are called impossible');
  must(operationOf(story, story.impossible).type === 'ok', () => 'the impossible operation need not have happened');
  const order = story.order.map(({ operation }) => operationOf(story, operation));
  must(!order.includes(operationOf(story, story.impossible)), () => 'the impossible operation is in the order');
  for (const [place, operation] of order.entries()) {
    const late = order.slice(place + 1).some((other) => other.returned < operation.called);
    must(!late, () => `operation ${operation.id} comes too early in the order`);
  }
  for (const { before, after, rule } of story.forced) {
    const held = operationOf(story, before).returned < operationOf(story, after).called;
    must(rule !== 'real-time' || held, () => `operation ${before} need not come before ${after}`);
  }
}
