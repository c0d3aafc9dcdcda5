/** `harness bugs`: is every planted bug found, in every campaign, and is no correct twin accused? */
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import { type Contender, type Entry, runScoreboard } from '../explore/scoreboard.ts';
import {
  type ScoreboardSettings,
  type StoredScoreboard,
  readScoreboard,
  writeScoreboard,
  writeWhole,
} from '../explore/scoreboard-file.ts';
import { type Standing, complaintOf, exitCodeOf, standingOf, table, trackRecord } from '../explore/track-record.ts';
import type { PlanRequest } from '../harness/expand.ts';
import { catalogue } from './catalogue.ts';
import { chooseEnvironment } from './environments.ts';
import { swarmOf } from './explore.ts';
import { type Texts, countOf, numberOf, textOf } from './flags.ts';
import { SeedPool } from './seed-pool.ts';
import { type Terminal, interruptible } from './terminal.ts';
import { defaultStore } from './test-command.ts';
import { harnessVersion } from './version.ts';

/** Where the table goes when it is whole. */
const page = join('docs', 'track-record.md');

interface Planted {
  readonly system: string;
  readonly bug: string;
  readonly request: PlanRequest;
}

export async function bugsCommand(flags: Texts, terminal: Terminal): Promise<number> {
  const nemesis = textOf(flags, 'nemesis');
  const planted = plantedBugs(textOf(flags, 'system'), textOf(flags, 'bug'), nemesis);
  const campaigns = countOf(flags, 'campaigns', 5);
  const twinRuns = countOf(flags, 'twin-runs', 300);
  const path = join(textOf(flags, 'store') ?? defaultStore, 'bugs', 'scoreboard.json');
  const before = flags['fresh'] === true ? null : readScoreboard(path);
  const settings: ScoreboardSettings = {
    version: harnessVersion(),
    seed: numberOf(flags, 'seed') ?? before?.settings.seed ?? randomInt(2 ** 32),
    campaignSeconds: countOf(flags, 'campaign-seconds', 120),
    nemesis: nemesis ?? null,
  };
  if (before !== null) refuseOther(before, settings, path);
  const done = before?.entries.reduce((sum, entry) => sum + entry.campaigns.length, 0) ?? 0;
  if (done > 0) terminal.note(`Going on: ${done} campaigns are in ${path}. --fresh starts over.`);
  terminal.note(`${planted.length} planted bugs, ${campaigns} campaigns each, first seed ${settings.seed}.`);
  const entries = await interruptible(terminal.note, async (signal) => {
    await using pool = new SeedPool('planted bugs are searched for in simulation', availableParallelism());
    // The threads must live until it is done.
    return await runScoreboard({
      contenders: planted.map((one) => contenderOf(one, pool)),
      campaigns,
      seed: settings.seed,
      campaignSeconds: settings.campaignSeconds,
      twinRuns,
      entries: before?.entries ?? [],
      save: (now) => writeScoreboard(path, { schema: 1, settings, entries: now }),
      note: terminal.note,
      clock: () => performance.now() / 1000,
      signal,
    });
  });
  const standings = planted.map(({ system, bug }) => standingOf(entryOf(entries, system, bug)));
  show(standings, campaigns, flags['json'] === true, terminal);
  publish(entries, settings, textOf(flags, 'output'), terminal);
  return exitCodeOf(standings, campaigns);
}

/** Throws a UsageError on an unknown name. */
function plantedBugs(
  systemName: string | undefined,
  bugName: string | undefined,
  nemesis?: string,
): readonly Planted[] {
  const { systems } = catalogue;
  if (systemName !== undefined && !Object.hasOwn(systems, systemName))
    throw unknownName('system', systemName, Object.keys(systems));
  const all = Object.values(systems)
    .filter(({ name }) => systemName === undefined || name === systemName)
    .flatMap(({ name, bugs }) =>
      bugs.map((bug): Planted => {
        const set = Object.entries(bug.options).map(([option, value]) => `system.${option}=${value}`);
        const { nemeses, nodeCount } = bug;
        const request = {
          system: name,
          nemesis: nemesis ?? nemeses.join(','),
          nodeCount,
          set,
          seed: 0,
          liveness: true,
        };
        return { system: name, bug: bug.name, request };
      }),
    );
  const wanted = all.filter(({ bug }) => bugName === undefined || bug === bugName);
  if (wanted.length > 0) return wanted;
  if (bugName !== undefined) throw unknownName('bug', bugName, [...new Set(all.map(({ bug }) => bug))]);
  throw new UsageError(`The system ${systemName} has no planted bugs.`);
}

/** The bug and its twin draw the same for the same seed: what is drawn does not depend on the bug. */
function contenderOf({ system, bug, request }: Planted, pool: SeedPool): Contender {
  const draw = swarmOf(request, chooseEnvironment('sim'));
  return { system, bug, buggy: pool.lanes((seed) => ({ ...draw(seed), bug })), correct: pool.lanes(draw) };
}

function refuseOther({ settings }: StoredScoreboard, wanted: ScoreboardSettings, path: string): void {
  for (const name of ['version', 'seed', 'campaignSeconds', 'nemesis'] as const) {
    if (settings[name] === wanted[name]) continue;
    throw new UsageError(
      `${path} is of another scoreboard: its ${name} is ${settings[name]}, not ${wanted[name]}. ` +
        'Start over with --fresh, or take another --store.',
    );
  }
}

const entryOf = (entries: readonly Entry[], system: string, bug: string): Entry =>
  entries.find((entry) => entry.system === system && entry.bug === bug) ?? { system, bug, campaigns: [], twins: [] };

function show(standings: readonly Standing[], campaigns: number, json: boolean, { print }: Terminal): void {
  const complaints = standings.flatMap((standing) => complaintOf(standing, campaigns) ?? []);
  if (json) return print(JSON.stringify({ schema: 1, standings, complaints }, null, 2));
  const rows = standings.map((one) => [
    `${one.system} ${one.bug}`,
    `${one.found} of ${one.campaigns}`,
    String(one.medianRuns ?? '-'),
    one.medianSeconds?.toFixed(1) ?? '-',
    `${one.accused} in ${one.twinRuns} runs`,
  ]);
  print(['', ...table([['bug', 'found', 'median runs', 'median seconds', 'twin accused'], ...rows]), ''].join('\n'));
  print(
    complaints.length === 0
      ? 'Every bug was found in every campaign, and no correct twin was accused.'
      : complaints.join('\n'),
  );
}

/** The page shows all planted bugs, so it is written once all have been run; --output writes what there is. */
function publish(
  entries: readonly Entry[],
  { seed, campaignSeconds, nemesis }: ScoreboardSettings,
  output: string | undefined,
  { note }: Terminal,
): void {
  const all = plantedBugs(undefined, undefined);
  const known = all.flatMap(({ system, bug }) => {
    const entry = entryOf(entries, system, bug);
    return entry.campaigns.length === 0 ? [] : [standingOf(entry)];
  });
  const isWhole = known.length === all.length && nemesis === null;
  if (!isWhole && output === undefined) return note(`${page} is written when every bug of every system has been run.`);
  const machine = `Node ${process.versions.node}, ${availableParallelism()} processors`;
  writeWhole(output ?? page, trackRecord(known, { seed, campaignSeconds, machine }));
  note(`Written: ${output ?? page}`);
}
