/** What can be fuzzed: an engine with histories that it is for. Each throws where the engine and brute force differ. */
import { searchFor } from '../src/engines/search.ts';
import { hasLegalOrder } from '../src/explain/brute-force.ts';
import { modelNames, models, type ModelName } from '../src/models/catalogue.ts';
import { contestants, tryOut } from '../src/testing/engine-trial.ts';
import { must, mustBeLegalOrder } from '../src/testing/legal-order.ts';
import { randomHistory } from '../src/testing/random-history.ts';
import type { Random } from '../src/testing/seeded.ts';
import { tryTies } from '../src/testing/tied-history.ts';
import { tryTransactions } from '../src/transactions/testing/trial.ts';
import { modelContests } from '../src/weak/testing/contests.ts';

/** One history. Returns what became of it, for the counts. @throws Error that says what is wrong. */
export type Contest = (random: Random) => string | readonly string[];

const structural = Object.entries(contestants).map(([name, contestant]): [string, Contest] => [
  name,
  (random) => {
    const { legal, decided, flaw } = tryOut(contestant, random);
    return flaw ?? (decided === undefined ? `left to the search, ${legal ? 'legal' : 'illegal'}` : 'legal');
  },
]);

const work = 1_000_000;

function search(name: ModelName, random: Random): string {
  const { initial, operations } = randomHistory(name, random);
  const model = models[name](initial);
  const legal = hasLegalOrder(model, operations);
  const one = searchFor(model, operations);
  const found = one.advance(work)?.legal;
  must(found === legal, () => `the search says ${found}, brute force ${legal}`);
  if (legal) mustBeLegalOrder(model, operations, one.order() ?? []);
  return legal ? 'legal' : 'illegal';
}

const searched = modelNames.map((name): [string, Contest] => [`search:${name}`, (random) => search(name, random)]);

/** By the name of the engine and the model, or the kind of history. */
export const contests: { readonly [engine: string]: Contest } = {
  ...Object.fromEntries([...structural, ...searched]),
  ties: tryTies,
  ...modelContests,
  transactions: tryTransactions,
};
