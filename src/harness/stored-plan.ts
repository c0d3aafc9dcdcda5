/** test.json: the whole plan of a run, enough to analyse it later and to repeat it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
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

const number = v.pipe(v.number(), v.finite());
const count = (least: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least));
/** A list has numbers for names, so a record alone would take one, and so would what need have no name at all. */
const byName = v.pipe(
  v.unknown(),
  v.check((given) => !Array.isArray(given), 'expected values by name'),
);
const values = v.pipe(byName, v.record(v.string(), v.union([v.string(), number, v.boolean()])));
const duration = v.custom<Duration>((value) => typeof value === 'number' && value >= 0, 'expected nanoseconds');
const node = v.custom<NodeId>((value) => typeof value === 'string', 'expected the name of a node');

/** Plans that were stored before there was a choice have neither weather nor liveness nor limits. */
const weather = v.pipe(
  byName,
  v.partial(
    v.object({
      delay: v.strictTuple([duration, duration]),
      slowShare: number,
      slowest: duration,
      loss: number,
      duplication: number,
    }),
  ),
  v.transform((given) => given as PlannedWeather),
);
const nodeLimits = v.object({ memory: v.nullable(number), cpus: v.nullable(number) });

const schema: v.GenericSchema<unknown, StoredPlan> = v.object({
  schema: v.literal(1),
  startedAt: v.string(),
  versions: v.object({ harness: v.string(), node: v.string() }),
  command: v.string(),
  plan: v.object({
    system: v.string(),
    bug: v.nullable(v.string()),
    systemOptions: values,
    workload: v.string(),
    workloadOptions: values,
    nemeses: v.array(v.string()),
    environment: v.picklist(['sim', 'local', 'docker']),
    environmentReason: v.string(),
    nodes: v.pipe(v.array(node), v.minLength(1)),
    concurrency: count(1),
    rate: v.pipe(number, v.gtValue(0)),
    timeLimit: duration,
    nemesisInterval: duration,
    seed: count(0),
    attemptTimeout: duration,
    operationTimeout: duration,
    weather: v.optional(weather, {}),
    nodeLimits: v.optional(nodeLimits, { memory: null, cpus: null }),
    liveness: v.optional(v.boolean(), false),
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
  const parsed = v.safeParse(schema, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UsageError(`${path} is not the plan of a run: ${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}.`);
}
