import { formats } from '../formats/catalogue.ts';
import { modelNames } from '../models/catalogue.ts';
import { consistencyModels } from '../weak/models.ts';

const formatLines = Object.entries(formats).map(([name, { title }]) => `    ${name.padEnd(18)}${title}`);

export const help: string = `knossos-ts: is the history of a concurrent object linearizable, and if not, why not?

  knossos-ts check FILE --model MODEL    judge a history; - reads standard input
  knossos-ts check FILE --models all     which consistency models does it keep?
  knossos-ts convert FILE --to FORMAT    write it in another notation, to standard output

  -m, --model MODEL      what the object is:
                         ${modelNames.slice(0, 6).join(', ')},
                         ${modelNames.slice(6).join(', ')}
      --models MODELS    of registers with cas, or of lists: all, or some with commas between them:
                         ${consistencyModels.slice(0, 5).join(', ')},
                         ${consistencyModels.slice(5).join(', ')}
  -f, --format FORMAT    the notation of the file; without it, found out by its beginning:
${formatLines.join('\n')}
      --init VALUE       what the object holds at the beginning, as JSON: 0, -5, '"a"' (default null)
      --time-limit S     seconds, reading included (default: 60 for judging, reading takes what it takes)
      --memory MB        megabytes that the search may remember (default 1024)
      --workers N        threads (default: one for each processor)
      --ties RULE        events with the same time are concurrent (the default), or ordered as they stand
      --witness          show a legal order, where there is one
  -o, --output OUTPUT    text or json
      --no-independent   EDN and JSON: values are not [key value] (without it, found out)
      --nil-reads-match-anything
                         EDN and JSON: a read of nil may have returned anything, as in Knossos' own data

Exit codes: 0 linearizable, 1 not linearizable, 2 undecided or empty, 254 bad arguments or a malformed history,
255 the program itself failed. With --models: 0 all of them hold, 1 one of them is broken.

  knossos-ts check history.edn --model cas-register --init 0
  knossos-ts check history.edn --models sequential,causal
  knossos-ts check - --model append-string --format porcupine-kv < c10-bad.txt
`;
