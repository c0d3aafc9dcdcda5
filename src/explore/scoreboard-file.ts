/** The scoreboard on disk, so that one that was interrupted goes on where it was. */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { UsageError, messageOf } from '../core/errors.ts';
import { writeWhole } from '../harness/whole-file.ts';
import { type Entry, showings } from './scoreboard.ts';

/** What must be the same for a scoreboard to go on. */
export interface ScoreboardSettings {
  /** A hash of the compiled code: what other code has found says nothing of this. */
  readonly code: string;
  readonly seed: number;
  readonly campaignSeconds: number;
  readonly twinRuns: number;
  /** Instead of the nemeses of the bugs; null: theirs. */
  readonly nemesis: string | null;
}

export interface StoredScoreboard {
  readonly schema: 2;
  readonly settings: ScoreboardSettings;
  readonly entries: readonly Entry[];
}

const number = v.pipe(v.number(), v.finite());
const campaign = v.object({
  first: number,
  runs: number,
  seconds: number,
  found: v.nullable(v.object({ seed: number, kind: v.picklist(showings), headline: v.string() })),
});
const twin = v.object({
  first: number,
  runs: number,
  accused: v.array(number),
  conclusiveShare: number,
});

const schema: v.GenericSchema<unknown, StoredScoreboard> = v.object({
  schema: v.literal(2),
  settings: v.object({
    code: v.string(),
    seed: number,
    campaignSeconds: number,
    twinRuns: number,
    nemesis: v.nullable(v.string()),
  }),
  entries: v.array(
    v.object({ system: v.string(), bug: v.string(), campaigns: v.array(campaign), twins: v.array(twin) }),
  ),
});

/** What decides whether the rest is worth reading; scoreboards of the first schema do not name their code. */
const origin = v.object({ schema: number, settings: v.object({ code: v.optional(v.string()) }) });

export type FoundScoreboard =
  | { readonly kind: 'none' }
  /** Another code's, or of another schema, which is the same. */
  | { readonly kind: 'foreign'; readonly code: string | null }
  | { readonly kind: 'ours'; readonly board: StoredScoreboard };

/** `code`: that which runs now. Throws a UsageError when the file is there and cannot be read. */
export function readScoreboard(path: string, code: string): FoundScoreboard {
  if (!existsSync(path)) return { kind: 'none' };
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const { settings } = read(origin, content);
    if (settings.code !== code) return { kind: 'foreign', code: settings.code ?? null };
    return { kind: 'ours', board: read(schema, content) };
  } catch (error) {
    throw new UsageError(`Cannot go on with ${path}: ${messageOf(error)}. Start over with --fresh.`);
  }
}

/** Throws with every complaint, one per line. */
function read<T>(wanted: v.GenericSchema<unknown, T>, content: unknown): T {
  const parsed = v.safeParse(wanted, content);
  if (parsed.success) return parsed.output;
  const complaints = parsed.issues.map((issue) => `  ${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}`);
  throw new Error(['it is no scoreboard of ours:', ...complaints].join('\n'));
}

/** A reader never sees half a file. */
export function writeScoreboard(path: string, scoreboard: StoredScoreboard): void {
  writeWhole(path, `${JSON.stringify(scoreboard, null, 2)}\n`);
}
