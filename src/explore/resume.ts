/** Whether a scoreboard that is there goes on: what was measured with other code, or otherwise, is not mixed in. */
import { UsageError } from '../core/errors.ts';
import type { FoundScoreboard, ScoreboardSettings, StoredScoreboard } from './scoreboard-file.ts';
import type { Contender, Entry } from './scoreboard.ts';
import { shortCode } from './track-record.ts';

export interface ResumeRequest extends Omit<ScoreboardSettings, 'seed'> {
  /** Undefined: that of the scoreboard that goes on, else a new one. */
  readonly seed: number | undefined;
  readonly newSeed: () => number;
  /** Whether what is known of the contenders is to be forgotten. That of other bugs stays. */
  readonly fresh: boolean;
  readonly contenders: readonly Pick<Contender, 'system' | 'bug'>[];
  /** Where it was found. */
  readonly path: string;
}

export interface Resumption {
  readonly settings: ScoreboardSettings;
  readonly entries: readonly Entry[];
  /** What the user should know; null when there is nothing. */
  readonly note: string | null;
}

/** Throws a UsageError where the scoreboard was made otherwise, and so can neither go on nor be thrown away. */
export function resume(found: FoundScoreboard, request: ResumeRequest): Resumption {
  const { seed, newSeed, fresh, contenders, path, ...rest } = request;
  const board = found.kind === 'ours' ? found.board : null;
  const entries = (board?.entries ?? []).filter((entry) => !fresh || !contenders.some(isOf(entry)));
  const goesOn = board !== null && (entries.length > 0 || !fresh);
  const settings = { ...rest, seed: seed ?? (goesOn ? board.settings.seed : newSeed()) };
  if (goesOn) refuseOther(board, settings, path);
  return { settings, entries, note: noteOf(found, request, entries) };
}

const isOf =
  (entry: Entry) =>
  ({ system, bug }: Pick<Contender, 'system' | 'bug'>): boolean =>
    entry.system === system && entry.bug === bug;

function noteOf(
  found: FoundScoreboard,
  { path, code, contenders }: ResumeRequest,
  entries: readonly Entry[],
): string | null {
  if (found.kind === 'foreign') {
    const theirs = found.code === null ? 'does not say which' : shortCode(found.code);
    return `${path} is of other code (${theirs}; this is ${shortCode(code)}): starting over.`;
  }
  const mine = entries.filter((entry) => contenders.some(isOf(entry)));
  const done = mine.reduce((sum, { campaigns }) => sum + campaigns.length, 0);
  return done === 0 ? null : `Going on: ${done} campaigns are in ${path}. --fresh starts over.`;
}

function refuseOther({ settings }: StoredScoreboard, wanted: ScoreboardSettings, path: string): void {
  for (const name of ['seed', 'campaignSeconds', 'twinRuns', 'nemesis'] as const) {
    if (settings[name] === wanted[name]) continue;
    throw new UsageError(
      `${path} is of another scoreboard: its ${name} is ${settings[name]}, not ${wanted[name]}. ` +
        'Start over with --fresh for all bugs, or take another --store.',
    );
  }
}
