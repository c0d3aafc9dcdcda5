/** Every model against brute force. KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { expect, test } from 'vitest';
import { searchFor } from '../engines/search.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { explain, explainFlaw } from '../explain/explain.ts';
import { findFlaw } from '../explain/flaws/find-flaw.ts';
import type { Operation } from '../history/operation.ts';
import { modelNames, models, type ModelName } from '../models/catalogue.ts';
import type { Model } from '../models/model.ts';
import type { Counterexample } from '../verdict.ts';
import { mustBeLegalOrder } from './legal-order.ts';
import { randomHistory } from './random-history.ts';
import { seeded } from './seeded.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test.each(modelNames)(
  `%s: search and brute force agree on ${runs} small histories (seed ${seed})`,
  { timeout: 60_000 + runs * 2 },
  (name) => {
    const counts = { legal: 0, illegal: 0 };
    const told = new Map<string, number>();
    for (let run = 0; run < runs; run++) {
      const { initial, operations } = randomHistory(name, seeded(seed + run));
      const model = models[name](initial);
      const legal = hasLegalOrder(model, operations);
      counts[legal ? 'legal' : 'illegal']++;
      const search = searchFor(model, operations);
      const result = search.advance(1_000_000);
      if (result?.legal !== legal) {
        throw new Error(
          `Seed ${seed + run}: the search says ${result?.legal}, brute force ${legal}: ${JSON.stringify({ initial, operations })}`,
        );
      }
      const flaw = findFlaw(model, operations);
      if (result.legal) {
        mustBeLegalOrder(model, operations, search.order() ?? []);
        if (flaw !== undefined) throw new Error(`Seed ${seed + run}: told of a legal history: ${flaw.sentence}`);
      } else {
        const story =
          flaw === undefined
            ? ended(explain(model, 'k', operations, result.at))
            : explainFlaw(model, 'k', flaw, operations);
        mustBeProof(model, operations, story, seed + run);
        const kind = flaw === undefined ? 'searched' : story.sentence.replaceAll(/\d+|\{[^}]*\}|"[^"]*"/g, '_');
        told.set(kind, (told.get(kind) ?? 0) + 1);
      }
    }
    console.log(name, counts, told);
    expect(told.size).toBeGreaterThanOrEqual(kinds[name] ?? 1);
    expect(Math.min(counts.legal, counts.illegal)).toBeGreaterThan(runs / 20);
  },
);

/** How many kinds of sentences there are at least, besides those that tell of a search. */
const kinds: { readonly [name in ModelName]?: number } = {
  set: 6,
  'fifo-queue': 6,
  'unordered-queue': 5,
  counter: 4,
  mutex: 4,
  'append-string': 2,
};

function ended<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function mustBeProof(model: Model<unknown>, history: readonly Operation[], story: Counterexample, drawn: number): void {
  const fact =
    story.verified &&
    !hasLegalOrder(model, story.operations) &&
    story.operations.every((operation) => history.includes(operation)) &&
    story.operations.some(({ id }) => id === story.impossible) &&
    story.order.every(({ operation }) => operation !== story.impossible);
  if (!fact) throw new Error(`Seed ${drawn}: no proof: ${JSON.stringify(story)}`);
}
