/** test.json: the whole plan of a run, enough to analyse it later and to repeat it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError, messageOf } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { Duration } from '../core/time.ts';
import type { RunReport } from '../report/run-report.ts';
import type { RunPlan } from './plan.ts';
import type { PlannedWeather } from './weather.ts';

export interface StoredPlan {
  readonly schema: 1;
  readonly startedAt: string;
  readonly versions: RunReport['versions'];
  /** The command that repeats the run. */
  readonly command: string;
  readonly plan: RunPlan;
}

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const duration = z.custom<Duration>((value) => typeof value === 'number' && value >= 0, 'expected nanoseconds');
const node = z.custom<NodeId>((value) => typeof value === 'string', 'expected the name of a node');

/** Plans that were stored before there was a choice have neither weather nor liveness nor limits. */
const weather = z
  .object({
    delay: z.tuple([duration, duration]),
    slowShare: z.number(),
    slowest: duration,
    loss: z.number(),
    duplication: z.number(),
  })
  .partial()
  .transform((given) => given as PlannedWeather);

const schema: z.ZodType<StoredPlan> = z.object({
  schema: z.literal(1),
  startedAt: z.string(),
  versions: z.object({ harness: z.string(), node: z.string() }),
  command: z.string(),
  plan: z.object({
    system: z.string(),
    bug: z.string().nullable(),
    systemOptions: values,
    workload: z.string(),
    workloadOptions: values,
    nemeses: z.array(z.string()),
    environment: z.enum(['sim', 'local', 'docker']),
    environmentReason: z.string(),
    nodes: z.array(node).min(1),
    concurrency: z.number().int().min(1),
    rate: z.number().positive(),
    timeLimit: duration,
    nemesisInterval: duration,
    seed: z.number().int().min(0),
    attemptTimeout: duration,
    operationTimeout: duration,
    weather: weather.default({}),
    nodeLimits: z
      .object({ memory: z.number().nullable(), cpus: z.number().nullable() })
      .default({ memory: null, cpus: null }),
    liveness: z.boolean().default(false),
  }),
});

export const formatStoredPlan = (stored: StoredPlan): string => `${JSON.stringify(stored, null, 2)}\n`;

/** Throws a UsageError that names the file and what is wrong with it. */
export function readStoredPlan(folder: string): StoredPlan {
  const path = join(folder, 'test.json');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}. Give the folder of a run, as in store/latest.`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${path} is not the plan of a run: ${issue?.path.join('.')}: ${issue?.message}.`);
}
