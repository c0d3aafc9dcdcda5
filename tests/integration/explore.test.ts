/** Exploring seeds, the check of determinism and the scoreboard of planted bugs, from their words to their exit codes. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './harness-program.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place[Symbol.dispose]());

const explore = (...words: readonly string[]) =>
  place.harness('explore', '--system', 'raft', ...words.flatMap((word) => word.split(' ')));

interface Failure {
  readonly seed: number;
  readonly kind: string;
  readonly command: string;
  readonly trace: { readonly hash: string };
}

describe('exploring', () => {
  it('correct Raft exits 0, and says what was covered', async () => {
    const { code, out } = await explore('--nemesis partition,kill,pause --seeds 16 --seed 1 --check-determinism 4');
    expect(out.split('\n')[0]).toBe('Exploring raft in simulation: 16 seeds from 1 on.');
    expect(out).toContain('All 16 seeds kept the promise.');
    expect(out).toMatch(/ {2}seeds {7}16 \(1 to 16\): \d+ valid/);
    expect(out).toContain('  run twice   4 of the seeds, to compare their steps');
    for (const fault of ['kill:one', 'liveness:kill', 'partition:primary', 'pause:one'])
      expect(out).toMatch(new RegExp(`${fault} \\d`));
    expect(out).toMatch(/ {2}inputs {6}\d\d pairs of an input and the role of its node; the rarest: /);
    expect(out).toMatch(/ {2}never met {3}\d+ other pairs of these inputs and roles: .* > /);
    expect(out).toMatch(/ {2}speed {7}[\d.]+ seeds\/s, [\d,]+ events\/s, /);
    expect(code).toBe(0);
    // Nothing failed, so nothing is worth keeping.
    expect(existsSync(place.path('store'))).toBe(false);
  });

  it('stops at the first seed that fails, keeps its run, and names one command that repeats it exactly', async () => {
    const { code, out } = await explore('--bug stale-read --nemesis partition --seeds 60 --seed 1 --store one --json');
    const report = JSON.parse(out) as {
      readonly failures: readonly Failure[];
      readonly last: number;
      readonly outcome: { readonly kind: string };
    };
    expect(code).toBe(1);
    expect(report.failures).toHaveLength(1);
    const [failure] = report.failures;
    expect(report.outcome.kind).toBe('violated');
    expect(report.last).toBe(failure?.seed);
    expect(readdirSync(place.path('one/raft-register-partition'))).toContain('latest');
    const command = failure?.command ?? '';
    expect(command).toMatch(/^harness test --system raft --bug stale-read .*--liveness.* --env sim --seed \d+$/);
    const again = await place.harness(...command.split(' ').slice(1), '--store', 'two', '--json');
    expect(again.code).toBe(1);
    expect((JSON.parse(again.out) as Failure).trace).toEqual(failure?.trace);
    // So does exploring that seed alone: what is drawn depends on the seed only.
    const alone = await explore(`--bug stale-read --nemesis partition --seeds 1 --seed ${failure?.seed} --json`);
    expect((JSON.parse(alone.out) as { readonly failures: readonly Failure[] }).failures[0]?.trace).toEqual(
      failure?.trace,
    );
  });

  it('judges a weaker claim as it does a stronger one: what reads locally is sequential', async () => {
    const { code, out } = await explore('--set reads=local --nemesis kill --seeds 6 --seed 1');
    expect(out).toContain('All 6 seeds kept the promise.');
    expect(out).toContain('conclusive  100.0% of the seeds by themselves\n');
    expect(code).toBe(0);
  });

  it('says at once, before any work, when what fails could not be kept', async () => {
    for (const store of ['/dev/null', '/dev/full/x', '/dev/full']) {
      const { code, out, err } = await explore(`--bug no-fsync --seeds 6 --seed 77 --store ${store}`);
      expect(err).toMatch(/^Nothing can be kept in \/dev\/.* is not a folder\. Give another folder with --store\.$/);
      expect(out).toBe('');
      expect(code).toBe(254);
    }
  });

  it('draws no other values of options that a bug needs', async () => {
    const words = '--bug snapshot-loses-session --nemesis kill --seeds 8 --seed 1 --keep-going --json --store needs';
    const { out } = await explore(words);
    const { failures } = JSON.parse(out) as { readonly failures: readonly Failure[] };
    expect(failures.length).toBeGreaterThan(0);
    // What the bug sets itself is not in the command.
    for (const { command } of failures) expect(command).not.toContain('snapshotEvery');
  });

  it('collects all that fail with --keep-going, each with its command', async () => {
    const words = '--bug stale-read --nemesis partition --seeds 12 --seed 1 --keep-going --store all';
    const { code, out } = await explore(words);
    const commands = out.match(/^ {2}harness test --system raft --bug stale-read .* --env sim --seed \d+$/gm) ?? [];
    expect(commands.length).toBeGreaterThan(1);
    expect(out).toMatch(new RegExp(`12 \\(1 to 12\\): .*${commands.length} violated`));
    // The verdict stands before anything is written to the store.
    expect(out.indexOf('Repeat exactly what failed with:')).toBeLessThan(out.indexOf('  kept        seed '));
    expect(code).toBe(1);
  });
});

const bugs = (...words: readonly string[]) => place.harness('bugs', ...words.flatMap((word) => word.split(' ')));
const short = '--bug stale-read --campaigns 2 --twin-runs 10 --seed 1';

interface Json {
  readonly standings: readonly {
    readonly bug: string;
    readonly found: number;
    readonly finds: readonly { readonly seed: number; readonly command: string }[];
  }[];
}

describe('the scoreboard of planted bugs', () => {
  it('finds a bug in every campaign, does not accuse its twin, writes the table, and goes on where it was', async () => {
    const { code, out, err } = await bugs(`${short} --store score --output record.md`);
    expect(err).toMatch(
      /raft stale-read, campaign 1 of 2: found by seed \d+ after .*\n {2}harness test --system raft --bug stale-read .*--seed \d+\n/,
    );
    expect(err).toMatch(/campaign 2 of 2: the correct twin was not accused in \d+ runs/);
    expect(out).toContain('Every bug was found in every campaign, and no correct twin was accused.');
    expect(code).toBe(0);
    const record = readFileSync(place.path('record.md'), 'utf8');
    expect(record).toMatch(
      /\| raft {3}\| `stale-read` \| 2 of 2 \| violation \| [\d.]+ +\| [\d.]+ +\| 0 in \d+ runs +\|/,
    );
    expect(record).toMatch(/first seed 1; code [0-9a-f]{12}; Node /);
    expect(record).toContain(
      '    harness bugs --bug stale-read --seed 1 --campaigns 2 --campaign-seconds 120 --twin-runs 10 --fresh\n',
    );
    const again = await bugs(`${short} --store score`);
    expect(again.err).toContain('Going on: 2 campaigns are in score/bugs/scoreboard.json. --fresh starts over.');
    expect(again.err).not.toContain('campaign 1 of 2');
    expect(again.out).toBe(out);
    expect(again.code).toBe(0);
    const other = await bugs('--bug stale-read --seed 2 --twin-runs 10 --store score');
    expect(other.err).toContain('score/bugs/scoreboard.json is of another scoreboard: its seed is 1, not 2.');
    expect(other.code).toBe(254);
    const fewer = await bugs('--bug stale-read --seed 1 --twin-runs 5 --store score');
    expect(fewer.err).toContain('its twinRuns is 10, not 5.');
  });

  it('that is interrupted proves nothing, also when every campaign so far found its bug', async () => {
    const words = 'bugs --bug stale-read --campaigns 1 --twin-runs 100000 --seed 1 --store half';
    const { code, out } = await place.interrupted('found by seed', ...words.split(' '));
    expect(out).toContain('raft stale-read: its correct twin was run in only 0 of 1 campaigns.');
    expect(out).not.toContain('no correct twin was accused');
    expect(code).toBe(2);
  });

  it('starts over what other code has found, and says so in one line', async () => {
    await bugs(`--bug no-fsync --campaigns 1 --twin-runs 2 --seed 1 --store older`);
    const path = place.path('older/bugs/scoreboard.json');
    const board = readFileSync(path, 'utf8').replace(/"code": "\w+"/, '"code": "0123456789abcdef"');
    writeFileSync(path, board);
    const { code, err } = await bugs('--bug no-fsync --campaigns 1 --twin-runs 2 --seed 1 --store older');
    expect(err).toMatch(
      /^older\/bugs\/scoreboard\.json is of other code \(0123456789ab; this is \w{12}\): starting over\.$/m,
    );
    expect(err).toContain('campaign 1 of 1: found by seed');
    expect(code).toBe(0);
  });

  it('gives a bug and its twin the options that the bug needs, or it is not found', async () => {
    const words = '--bug lease-ignores-drift --campaigns 1 --twin-runs 4 --campaign-seconds 60 --seed 1';
    const { code, out } = await bugs(`${words} --store lease --json`);
    const [standing] = (JSON.parse(out) as Json).standings;
    expect(standing).toMatchObject({ bug: 'lease-ignores-drift', found: 1, accused: [], complaint: null });
    expect(code).toBe(0);
    // The command that is named repeats the find.
    const again = await place.harness(...(standing?.finds[0]?.command ?? '').split(' ').slice(1), '--store', 'again');
    expect(again.code).toBe(1);
  });

  it('turns red when the fault that shows a bug is switched off', async () => {
    const { code, out, err } = await bugs(`${short} --nemesis none --campaign-seconds 2 --store off`);
    expect(err).toMatch(/campaign 1 of 2: NOT FOUND in \d+ runs/);
    expect(out).toContain('raft stale-read: not found in 2 of 2 campaigns.');
    expect(code).toBe(1);
    expect(existsSync(place.path('docs'))).toBe(false);
  });

  it('leaves the record of the project alone unless it has all of it', async () => {
    mkdirSync(place.path('docs'));
    writeFileSync(place.path('docs/track-record.md'), 'precious');
    const { err } = await bugs('--bug no-fsync --campaigns 1 --twin-runs 2 --seed 1 --store part');
    expect(err).toContain(
      'docs/track-record.md says of raft what it said: it is of every bug of a system, 5 campaigns of 120 s',
    );
    expect(readFileSync(place.path('docs/track-record.md'), 'utf8')).toBe('precious');
  });

  it('refuses at once what could only fail at the end', async () => {
    const refused = async (words: string): Promise<string> => {
      const { code, out, err } = await bugs(`--bug no-fsync --campaigns 1 ${words}`);
      expect([code, out]).toEqual([254, '']);
      return err;
    };
    expect(await refused('--seed 1 --store /dev/null')).toContain('Nothing can be kept in /dev/null: ');
    expect(await refused('--seed 1 --output /dev/full/x')).toContain('/dev/full/x cannot be written: ');
    expect(await refused('--seed 1 --output /dev/full')).toContain('/dev/full cannot be written: ');
    for (const seed of ['-4', '1.5', '9007199254740991'])
      expect(await refused(`--seed ${seed}`)).toContain(
        `--seed wants a whole number from 0 to 9007199253740991, and got ${seed}.`,
      );
  });
});
