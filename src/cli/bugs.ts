/** `harness bugs`: is every planted bug found, in every campaign, and is no correct twin accused? */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { recordPage, recordSection } from '../explore/record-page.ts';
import { resume } from '../explore/resume.ts';
import { type Entry, entryOf, runScoreboard, seedsApart } from '../explore/scoreboard.ts';
import {
  type FoundScoreboard,
  type ScoreboardSettings,
  readScoreboard,
  writeScoreboard,
} from '../explore/scoreboard-file.ts';
import {
  type Standing,
  exitCodeOf,
  isRepresentative,
  ordinaryStrength,
  shortCode,
  standingOf,
} from '../explore/track-record.ts';
import { writeWhole } from '../harness/whole-file.ts';
import { scoreboardJson, scoreboardText } from './bugs-text.ts';
import { builtCode } from './code-hash.ts';
import { simulated } from './environments.ts';
import { type Texts, countOf, numberOf, textOf } from './flags.ts';
import { type Planted, type Wanted, contenderOf, plantedBugs } from './planted.ts';
import { programName } from './program.ts';
import { SeedPool } from './seed-pool.ts';
import { type Terminal, interruptible } from './terminal.ts';
import { defaultStore } from './test-command.ts';
import { requireFile, requireFolder } from './writable.ts';

/** Where the record of the project is. It is renewed only where it is, and only by a scoreboard of its strength. */
const page = join('docs', 'track-record.md');

export async function bugsCommand(flags: Texts, terminal: Terminal): Promise<number> {
  const wanted: Wanted = {
    system: textOf(flags, 'system'),
    bug: textOf(flags, 'bug'),
    nemesis: textOf(flags, 'nemesis'),
  };
  const planted = plantedBugs(wanted);
  const campaigns = countOf(flags, 'campaigns', ordinaryStrength.campaigns);
  const [store, output] = [textOf(flags, 'store') ?? defaultStore, textOf(flags, 'output')];
  requireFolder(store, '--store');
  if (output !== undefined) requireFile(output, '--output');
  const path = join(store, 'bugs', 'scoreboard.json');
  const code = builtCode();
  const fresh = flags['fresh'] === true;
  const { settings, entries, note } = resume(boardAt(path, code, fresh), {
    code,
    seed: seedOf(flags, campaigns),
    newSeed: () => randomInt(2 ** 32),
    campaignSeconds: countOf(flags, 'campaign-seconds', ordinaryStrength.campaignSeconds),
    twinRuns: countOf(flags, 'twin-runs', ordinaryStrength.twinRuns),
    nemesis: wanted.nemesis ?? null,
    fresh,
    contenders: planted,
    path,
  });
  if (note !== null) terminal.note(note);
  const { seed, campaignSeconds, twinRuns } = settings;
  terminal.note(
    `${planted.length} planted bugs, ${campaigns} campaigns each, first seed ${seed}, code ${shortCode(code)}.`,
  );
  await using pool = new SeedPool('planted bugs are searched for in simulation', availableParallelism());
  const chosen = simulated();
  const contenders = planted.map((one) => contenderOf(one, chosen, pool));
  const save = (now: readonly Entry[]): void => writeScoreboard(path, { schema: 2, settings, entries: now });
  const all = await interruptible(terminal.note, (signal) =>
    runScoreboard({
      contenders,
      campaigns,
      seed,
      campaignSeconds,
      twinRuns,
      entries,
      save,
      note: terminal.note,
      clock: () => performance.now() / 1000,
      after: (seconds) => AbortSignal.timeout(seconds * 1000),
      signal,
    }),
  );
  const board = { contenders, entries: all, wanted: { campaigns, twinRuns } };
  terminal.print(flags['json'] === true ? scoreboardJson(board) : scoreboardText(board));
  publish({ planted, wanted, campaigns, entries: all, settings, output }, terminal);
  return exitCodeOf(
    planted.map((one) => standingOf(entryOf(all, one))),
    board.wanted,
  );
}

/** What cannot be read is no loss to somebody who starts over. */
function boardAt(path: string, code: string, fresh: boolean): FoundScoreboard {
  try {
    return readScoreboard(path, code);
  } catch (error) {
    if (fresh && error instanceof UsageError) return { kind: 'none' };
    throw error;
  }
}

/** Each campaign has seeds of its own, and all of them must be exact numbers. Throws a UsageError. */
function seedOf(flags: Texts, campaigns: number): number | undefined {
  const seed = numberOf(flags, 'seed');
  const most = Number.MAX_SAFE_INTEGER - campaigns * seedsApart;
  if (seed === undefined || (Number.isInteger(seed) && seed >= 0 && seed <= most)) return seed;
  throw new UsageError(`--seed wants a whole number from 0 to ${most}, and got ${textOf(flags, 'seed')}.`);
}

interface Publication {
  readonly planted: readonly Planted[];
  readonly wanted: Wanted;
  readonly campaigns: number;
  readonly entries: readonly Entry[];
  readonly settings: ScoreboardSettings;
  readonly output: string | undefined;
}

/** --output takes what was asked for; the page of the project shows all bugs of a system, at ordinary strength or more. */
function publish({ planted, wanted, campaigns, entries, settings, output }: Publication, { note }: Terminal): void {
  const machine = `Node ${process.versions.node}, ${availableParallelism()} processors`;
  const systems = [...new Set(plantedBugs().map(({ system }) => system))];
  const known = (bugs: readonly Planted[]) =>
    bugs
      .map((bug) => entryOf(entries, bug))
      .flatMap((entry) => (entry.campaigns.length === 0 ? [] : [standingOf(entry)]));
  const sectionOf = (system: string, standings: readonly Standing[], command: string) =>
    recordSection(system, standings, { ...settings, command, machine });
  const asked = systems.filter((name) => planted.some(({ system }) => system === name));
  if (output !== undefined) {
    const command = commandOf(wanted, campaigns, settings);
    const sections = asked.map((name) =>
      sectionOf(name, known(planted.filter(({ system }) => system === name)), command),
    );
    writeWhole(output, recordPage('', sections, systems));
    return note(`Written: ${output}`);
  }
  if (!existsSync(page)) return;
  const whole = asked.flatMap((system) => {
    const every = plantedBugs({ system });
    const standings = known(every);
    if (!isRepresentative(standings, every.length, settings)) return [];
    const least = Math.min(...standings.map((standing) => standing.campaigns));
    return [sectionOf(system, standings, commandOf({ system }, least, settings))];
  });
  const rest = asked.filter((name) => whole.every(({ system }) => system !== name));
  if (whole.length > 0) {
    writeWhole(page, recordPage(readFileSync(page, 'utf8'), whole, systems));
    note(`Written: ${page}, ${whole.map(({ system }) => system).join(', ')}`);
  }
  const { campaigns: least, twinRuns, campaignSeconds } = ordinaryStrength;
  if (rest.length > 0)
    note(
      `${page} says of ${rest.join(', ')} what it said: it is of every bug of a system, ${least} campaigns of ` +
        `${campaignSeconds} s and ${twinRuns} runs of the twin at least. --output FILE writes what there is.`,
    );
}

/** What makes the same table, with the same seeds. */
function commandOf({ system, bug }: Wanted, campaigns: number, settings: ScoreboardSettings): string {
  const { seed, campaignSeconds, twinRuns, nemesis } = settings;
  const words = [
    ...(system === undefined ? [] : ['--system', system]),
    ...(bug === undefined ? [] : ['--bug', bug]),
    ...(nemesis === null ? [] : ['--nemesis', nemesis]),
  ];
  const numbers = `--seed ${seed} --campaigns ${campaigns} --campaign-seconds ${campaignSeconds} --twin-runs ${twinRuns}`;
  return [programName(), 'bugs', ...words, numbers, '--fresh'].join(' ');
}
