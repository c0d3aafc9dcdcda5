/** The flags of `analyze`: apart from the others, because they name what the whole library of checkers knows. */
import { consistencyModels, formatNames, modelNames } from 'knossos-ts';
import type { Options } from 'yargs';
import { jsonFlag, storeFlag, text } from './flags.ts';

/** For a history file of anybody's, which knows nothing of itself. */
export const bareFlags: { readonly [flag: string]: Options } = {
  model: text(`for a history file: ${modelNames.join(', ')} (default cas-register)`),
  models: text(
    `for a history file, in place of --model: which of these it keeps: all, or some of ${consistencyModels.join(', ')}`,
  ),
  format: text(`its notation: ${formatNames.join(', ')} (default: found out by its beginning)`),
  init: text('what the object holds at the beginning, as JSON (default null)'),
  'time-limit': text('seconds, reading included (default: 60 for judging)'),
  ties: text('events with the same time: concurrent or ordered as they stand (default concurrent)'),
  witness: { type: 'boolean', describe: 'show a legal order, where there is one' },
  independent: {
    type: 'boolean',
    describe: 'EDN and JSON: values are [key value]; --no-independent: they are not (default: found out)',
  },
  'nil-reads-match-anything': {
    type: 'boolean',
    describe: "EDN and JSON: a read of nil may have returned anything, as in Knossos' own data",
  },
};

export const analyzeFlags: { readonly [flag: string]: Options } = { ...storeFlag, ...jsonFlag, ...bareFlags };
