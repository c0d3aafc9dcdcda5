/** The models against trying everything, in the form in which `knossos-ts/fuzz` runs its contests. */
import { consistencyModels } from '../models.ts';
import type { Random } from '../../testing/seeded.ts';
import { generators, newTally, tryModel, type DecidedModel } from './trial.ts';

/** By name: takes random numbers, and tells how a history of them came out. Throws when there is a difference. */
export const modelContests: Readonly<Record<string, (random: Random) => string>> = Object.fromEntries(
  Object.entries(generators).flatMap(([kind, generate]) =>
    consistencyModels
      .filter((model): model is DecidedModel => model !== 'linearizable')
      .map((model) => [`${model}:${kind}`, (random: Random) => outcomeOf(model, generate, random)]),
  ),
);

function outcomeOf(model: DecidedModel, generate: (typeof generators)[string], random: Random): string {
  const tally = newTally();
  const operations = generate?.(random) ?? [];
  tryModel(model, operations, tally);
  if (tally.kept > 0) return 'valid';
  return tally.impossible > 0 ? 'impossible' : [...tally.rules.keys()].toSorted().join('+');
}
