import { type Contender, type Entry, commandLines, entryOf } from '../explore/scoreboard.ts';
import { type Strength, complaintOf, standingOf, standingTable } from '../explore/track-record.ts';

export interface Board {
  readonly contenders: readonly Pick<Contender, 'system' | 'bug' | 'repeat'>[];
  readonly entries: readonly Entry[];
  readonly wanted: Pick<Strength, 'campaigns' | 'twinRuns'>;
}

/** The scoreboard for people: the table, and what is wrong, each accusation with the commands that repeat it. */
export function scoreboardText({ contenders, entries, wanted }: Board): string {
  const standings = contenders.map((contender) => ({ contender, standing: standingOf(entryOf(entries, contender)) }));
  const complaints = standings.flatMap(({ contender, standing }) => {
    const complaint = complaintOf(standing, wanted);
    return complaint === null ? [] : [complaint + commandLines(standing.accused, contender.repeat.correct)];
  });
  const verdict = 'Every bug was found in every campaign, and no correct twin was accused.';
  const table = standingTable(standings.map(({ standing }) => standing));
  return ['', ...table, '', complaints.length === 0 ? verdict : complaints.join('\n')].join('\n');
}

/** The same for programs, with the command of every find and of every accusation. */
export function scoreboardJson({ contenders, entries, wanted }: Board): string {
  const standings = contenders.map((contender) => {
    const entry = entryOf(entries, contender);
    const { repeat } = contender;
    const finds = entry.campaigns.flatMap(({ found }) =>
      found === null ? [] : [{ ...found, command: repeat.buggy(found.seed) }],
    );
    const standing = standingOf(entry);
    const accusations = standing.accused.map((seed) => ({ seed, command: repeat.correct(seed) }));
    return { ...standing, finds, accusations, complaint: complaintOf(standing, wanted) };
  });
  const complaints = standings.flatMap(({ complaint }) => complaint ?? []);
  return JSON.stringify({ schema: 2, standings, complaints }, null, 2);
}
