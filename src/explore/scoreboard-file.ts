/** The scoreboard on disk, so that one that was interrupted goes on where it was. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError, messageOf } from '../core/errors.ts';
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

const campaign = z.object({
  first: z.number(),
  runs: z.number(),
  seconds: z.number(),
  found: z.object({ seed: z.number(), kind: z.enum(showings), headline: z.string() }).nullable(),
});
const twin = z.object({
  first: z.number(),
  runs: z.number(),
  accused: z.array(z.number()),
  conclusiveShare: z.number(),
});

const schema: z.ZodType<StoredScoreboard> = z.object({
  schema: z.literal(2),
  settings: z.object({
    code: z.string(),
    seed: z.number(),
    campaignSeconds: z.number(),
    twinRuns: z.number(),
    nemesis: z.string().nullable(),
  }),
  entries: z.array(
    z.object({ system: z.string(), bug: z.string(), campaigns: z.array(campaign), twins: z.array(twin) }),
  ),
});

/** What decides whether the rest is worth reading; scoreboards of the first schema do not name their code. */
const origin = z.object({ schema: z.number(), settings: z.object({ code: z.string().optional() }) });

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
    const { settings } = origin.parse(content);
    if (settings.code !== code) return { kind: 'foreign', code: settings.code ?? null };
    return { kind: 'ours', board: schema.parse(content) };
  } catch (error) {
    throw new UsageError(`Cannot go on with ${path}: ${messageOf(error)}. Start over with --fresh.`);
  }
}

/** A reader never sees half a file. */
export function writeScoreboard(path: string, scoreboard: StoredScoreboard): void {
  writeWhole(path, `${JSON.stringify(scoreboard, null, 2)}\n`);
}

export function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.part`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}
