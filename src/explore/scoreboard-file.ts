/** The scoreboard on disk, so that one that was interrupted goes on where it was. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError, messageOf } from '../core/errors.ts';
import type { Entry } from './scoreboard.ts';

/** What must be the same for a scoreboard to go on. */
export interface ScoreboardSettings {
  readonly version: string;
  readonly seed: number;
  readonly campaignSeconds: number;
  /** Instead of the nemeses of the bugs; null: theirs. */
  readonly nemesis: string | null;
}

export interface StoredScoreboard {
  readonly schema: 1;
  readonly settings: ScoreboardSettings;
  readonly entries: readonly Entry[];
}

const campaign = z.object({
  first: z.number(),
  runs: z.number(),
  seconds: z.number(),
  found: z.object({ seed: z.number(), kind: z.string(), headline: z.string() }).nullable(),
});
const twin = z.object({
  first: z.number(),
  runs: z.number(),
  accused: z.array(z.number()),
  conclusiveShare: z.number(),
});

const schema: z.ZodType<StoredScoreboard> = z.object({
  schema: z.literal(1),
  settings: z.object({
    version: z.string(),
    seed: z.number(),
    campaignSeconds: z.number(),
    nemesis: z.string().nullable(),
  }),
  entries: z.array(
    z.object({ system: z.string(), bug: z.string(), campaigns: z.array(campaign), twins: z.array(twin) }),
  ),
});

/** Null when there is none. Throws a UsageError when it cannot be read. */
export function readScoreboard(path: string): StoredScoreboard | null {
  if (!existsSync(path)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
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
