/** `harness list --claims`: what every option set promises; with `--measured`, beside what the simulation shows of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { claimsTable } from '../explore/claims-table.ts';
import { consistencyPage } from '../explore/consistency-page.ts';
import { type Measurement, claimed, measure } from '../explore/measure.ts';
import { writeWhole } from '../harness/whole-file.ts';
import { catalogue } from './catalogue.ts';
import { simulated } from './environments.ts';
import { type Texts, countOf, textOf } from './flags.ts';
import { programName } from './program.ts';
import { type Terminal, interruptible } from './terminal.ts';
import { requireFile } from './writable.ts';

/** Where the page of the project is. It is written anew only where it is. */
const projectPage = join('docs', 'consistency.md');
/** The page of the project is always the same, unless the code is another. */
const usualSeed = 1;

/** Resolves to the exit code: 1 if what is promised was broken, 2 if something could not be measured. */
export async function listClaims(flags: Texts, terminal: Terminal): Promise<number> {
  if (flags['measured'] === true) return measureClaims(flags, terminal);
  for (const flag of ['seed', 'output'])
    if (flags[flag] !== undefined) throw new UsageError(`--${flag} is of what is measured: add --measured.`);
  const all = claimed(catalogue);
  terminal.print(flags['json'] === true ? json(all) : claimsTable(all).join('\n'));
  return 0;
}

async function measureClaims(flags: Texts, terminal: Terminal): Promise<number> {
  const seed = countOf(flags, 'seed', usualSeed);
  const output = textOf(flags, 'output');
  if (output !== undefined) requireFile(output, '--output');
  const { environment, reason } = simulated();
  const all = await interruptible(
    terminal.note,
    (signal) => measure({ catalogue, environment, reason, seed, note: terminal.note, signal }),
    'Interrupted: nothing is written.',
  );
  if (all === null) return 2;
  const accusations = all.flatMap((one) => one.accusations);
  const gaps = all.flatMap((one) => one.gaps);
  for (const text of [...accusations, ...gaps]) terminal.note(text);
  publish(all, { seed, output, isJson: flags['json'] === true }, terminal);
  return accusations.length > 0 ? 1 : gaps.length > 0 ? 2 : 0;
}

interface Publication {
  readonly seed: number;
  readonly output: string | undefined;
  readonly isJson: boolean;
}

function publish(all: readonly Measurement[], { seed, output, isJson }: Publication, { print }: Terminal): void {
  if (isJson) return print(json(all));
  const page = consistencyPage(all, seed, `${programName()} list --claims --measured --seed ${seed}`);
  const path = output ?? (existsSync(projectPage) ? projectPage : null);
  if (path === null) return print(page.trimEnd());
  writeWhole(path, page);
  print(`Written: ${path}`);
}

/** A claim without what only code can say: which operations must succeed with which nodes. */
const json = (all: readonly Pick<Measurement, 'system' | 'set'>[]): string =>
  JSON.stringify({ schema: 1, sets: all }, null, 2);
