/**
 * Swarm options (Groce et al., "Swarm Testing", ISSTA 2012): many different configurations, each leaving something out,
 * find more than one that has everything always on, because some behaviour is only seen where another does not drown
 * it. Everything that the user left open is drawn from the seed: the nemeses and their variants, the intervals, the
 * number of nodes, the weather of the network, the load. What is drawn goes into the request of the run as if the user
 * had typed it, so that one command says it all. It depends on the seed and on what was asked for, never on the bug, so
 * that a system with a bug and its correct twin meet the same.
 */
import { UsageError } from '../core/errors.ts';
import { nodeNames } from '../core/ids.ts';
import { type Random, seeded } from '../core/random.ts';
import type { PlanRequest } from '../harness/expand.ts';
import { parseSettings } from '../harness/options.ts';
import { type Test, systemOptionsOf } from '../harness/plan.ts';

/** As many as there are in the largest cluster that is drawn. */
export const mostNodes = 7;

/** Clusters of three and five are what people run; the others are where arithmetic goes wrong. */
const nodeCounts = [1, 2, 3, 3, 3, 4, 5, 5, 5, 6, mostNodes];
const timeLimits = [5, 10, 10, 20];
const concurrencies = ['1n', '2n', '2n', '3n'];

/**
 * The request of one seed. `widest` is the test that `base` gives with the most nodes that may be drawn: it knows the
 * nemeses, with the variants that were asked for, and the options of the workload.
 */
export function drawSwarm(base: PlanRequest, widest: Test, seed: number): PlanRequest {
  const random = seeded(seed).fork('swarm');
  const given = settingsOf(base, widest);
  const nodeCount = base.nodeCount ?? random.fork('nodes').pick(nodeCounts.filter((count) => canHave(widest, count)));
  const timeLimit = base.timeLimit ?? random.fork('time').pick(timeLimits);
  const interval = base.nemesisInterval ?? drawInterval(random.fork('interval'));
  return {
    ...base,
    seed,
    nodeCount,
    timeLimit,
    nemesis: drawNemeses(base, widest, nodeCount, random.fork('nemeses')),
    nemesisInterval: Math.min(interval, timeLimit / 2),
    rate: base.rate ?? rounded(20 * 10 ** random.fork('rate').unit()),
    concurrency: base.concurrency ?? random.fork('concurrency').pick(concurrencies),
    weather: base.weather ?? drawWeather(random.fork('weather')),
    set: [
      ...(base.set ?? []),
      ...drawKnobs(given.workload, widest, random.fork('knobs')),
      ...drawSystem(given.system, widest, random.fork('system')),
    ],
  };
}

/** Whether the system takes its options with so many nodes: a quorum of five needs five. */
function canHave({ system, plan }: Test, nodeCount: number): boolean {
  try {
    system.claims(systemOptionsOf(plan), nodeNames(nodeCount));
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Each nemesis is on or off by itself, at least one is on, and now and then only some of its variants. */
function drawNemeses(
  { nemesis: asked = '' }: PlanRequest,
  { selections }: Test,
  nodeCount: number,
  random: Random,
): string {
  const carried = selections.flatMap(({ nemesis, variants }) => {
    const able = variants.filter(({ minimumNodes }) => minimumNodes <= nodeCount);
    // A bare name says the same as the list of all that the nodes can carry.
    const all = !asked.includes(`${nemesis.name}:`);
    return able.length === 0 ? [] : [{ name: nemesis.name, able: able.map(({ name }) => name), all }];
  });
  if (carried.length === 0) return 'none';
  // Where only two are asked for, it is often both together that show something.
  const share = carried.length > 2 ? 0.5 : 0.8;
  const on = carried.filter(({ name }) => random.fork(name).chance(share));
  const chosen = on.length > 0 ? on : [random.pick(carried)];
  return chosen
    .flatMap(({ name, able, all }) => {
      const own = random.fork(`${name} variants`);
      const some = own.chance(0.25) ? own.shuffle(able).slice(0, 1 + own.below(2)) : able;
      return all && some.length === able.length ? [name] : some.map((variant) => `${name}:${variant}`);
    })
    .join(',');
}

/** Seconds. Mostly like an ordinary run, often wild, so that faults overlap and nothing has time to settle. */
function drawInterval(random: Random): number {
  const kind = random.unit();
  if (kind < 0.3) return rounded(0.2 + 0.6 * random.unit());
  return rounded(kind < 0.9 ? 1 + 2 * random.unit() : 4);
}

function drawWeather(random: Random): string | undefined {
  const kind = random.unit();
  if (kind < 0.4) return undefined;
  if (kind < 0.6) return `delay=${rounded(random.unit())}-${rounded(5 + 25 * random.unit())}`;
  if (kind < 0.75) return `slow=${rounded(0.02 + 0.1 * random.unit())},slowest=${rounded(50 + 250 * random.unit())}`;
  if (kind < 0.9) return `loss=${rounded(0.1 * random.unit())},duplicate=${rounded(0.1 * random.unit())}`;
  const delay = `delay=${rounded(2 * random.unit())}-${rounded(10 + 50 * random.unit())}`;
  return `${delay},slow=0.05,slowest=${rounded(100 + 300 * random.unit())},loss=${rounded(0.05 * random.unit())}`;
}

/** What the user has said of the options, as the plan will have it. */
const settingsOf = ({ set = [] }: PlanRequest, { system, workload }: Test): ReturnType<typeof parseSettings> =>
  parseSettings(set, [
    { owner: 'system', definitions: system.options },
    { owner: 'workload', definitions: workload.options },
  ]);

/**
 * Of a system only what it offers: its options decide what it claims. What a planted bug needs counts as set, since with
 * other values it may not show.
 */
const drawSystem = (set: Test['plan']['workloadOptions'], { system, bug }: Test, random: Random): readonly string[] =>
  system.options.flatMap(({ name, explored }) => {
    const own = random.fork(name);
    const isNeeded = Object.hasOwn(set, name) || Object.hasOwn(bug?.options ?? {}, name);
    if (explored === undefined || isNeeded || own.chance(0.5)) return [];
    return [`system.${name}=${own.pick(explored)}`];
  });

/** Numbers of the workload, between a quarter and four times what they are; those that are 0 are mostly left so. */
function drawKnobs(
  set: Test['plan']['workloadOptions'],
  { system, workload }: Test,
  random: Random,
): readonly string[] {
  return workload.options.flatMap(({ name, fallback, range, shareOf }) => {
    const own = random.fork(name);
    if (shareOf !== undefined && !system.operations.includes(shareOf)) return [];
    if (Object.hasOwn(set, name) || typeof fallback !== 'number' || range === undefined || own.chance(0.5)) return [];
    const [least, most] = range;
    const drawn = fallback === 0 ? (own.chance(0.4) ? most * own.unit() : 0) : fallback * 4 ** (2 * own.unit() - 1);
    const whole = Number.isInteger(fallback) && most > 1 ? Math.round(drawn) : rounded(drawn);
    const value = Math.min(most, Math.max(least, whole));
    return value === fallback ? [] : [`workload.${name}=${value}`];
  });
}

/** Two digits: nobody wants to read more of what was drawn. */
const rounded = (number: number): number => Number(number.toPrecision(2));
