/** `harness doctor`: what can be had here, found out by trying, and what to do about the rest. */
import { unknownName } from '../core/suggest.ts';
import { dockerFitness } from '../environments/docker/fitness/docker-fitness.ts';
import type { FaultFitness, Fitness } from '../environments/fitness.ts';
import { localFitness } from '../environments/local/local-fitness.ts';
import { simulatedFitness } from '../environments/simulation/simulated-fitness.ts';
import { type Texts, textOf } from './flags.ts';
import { type Terminal, interruptible } from './terminal.ts';

type Examination = (progress: (line: string) => void, signal: AbortSignal) => Promise<Fitness>;

/** In the order in which a run prefers them. */
const examinations: { readonly [environment: string]: Examination } = {
  docker: (progress, signal) => dockerFitness({ progress, signal }),
  local: localFitness,
  sim: () => Promise.resolve(simulatedFitness()),
};

/**
 * Exit code 0 when the environment that was asked about can be used; without `--env`, when real nodes can run in any
 * way, which the simulation alone is not. Else 2: nothing real could be tested here.
 */
export async function doctorCommand(flags: Texts, { print, note }: Terminal): Promise<number> {
  const asked = textOf(flags, 'env');
  if (asked !== undefined && !Object.hasOwn(examinations, asked))
    throw unknownName('environment', asked, Object.keys(examinations));
  const found = await interruptible(
    note,
    async (signal) => {
      const all: Fitness[] = [];
      for (const [name, examine] of Object.entries(examinations))
        if (asked === undefined || asked === name) all.push(await examine(note, signal));
      return all;
    },
    'Interrupted: removing what was made for the trials.',
  );
  print(flags['json'] === true ? JSON.stringify(found, null, 2) : found.map(wordsOf).join('\n\n'));
  return found.some(({ usable, environment }) => usable && (asked !== undefined || environment !== 'sim')) ? 0 : 2;
}

export function wordsOf({ environment, usable, summary, advice, facts, faults }: Fitness): string {
  return [
    `--env ${environment} ${usable ? 'can be used' : 'cannot be used'}`,
    ...wrapped(summary, 2),
    ...(advice === null
      ? []
      : advice.split('\n').flatMap((line, at) => wrapped(at === 0 ? `To do: ${line}` : line, 2))),
    ...facts.flatMap((fact) => wrapped(fact, 2)),
    ...faults.flatMap(faultLines),
  ].join('\n');
}

const faultLines = ({ fault, can, seen, advice }: FaultFitness): readonly string[] => {
  const [first = '', ...rest] = wrapped(seen, 23);
  return [
    `  ${can ? 'yes' : ' no'}  ${fault.padEnd(16)}${first.trimStart()}`,
    ...rest,
    ...(advice === null ? [] : wrapped(`To do: ${advice}`, 23)),
  ];
};

const width = 110;

/** The words in lines of at most that width, all indented; a word that is longer stays whole. */
function wrapped(text: string, indent: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent + line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}
