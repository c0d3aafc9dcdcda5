/** The models against trying everything, in the form in which `knossos-ts/fuzz` runs its contests. */
import type { Random } from '../../testing/seeded.ts';
import { decidedModels, generators, Trial } from './trial.ts';

/** By kind of history: takes random numbers, and tells how a history of them came out, model by model. */
export const modelContests: Readonly<Record<string, (random: Random) => readonly string[]>> = Object.fromEntries(
  Object.entries(generators).map(([kind, generate]) => [
    `models:${kind}`,
    (random: Random) => {
      const trial = new Trial(generate(random));
      return decidedModels.flatMap((model) => trial.try(model).map((outcome) => `${model} ${outcome}`));
    },
  ]),
);
