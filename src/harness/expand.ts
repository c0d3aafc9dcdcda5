/** From what the user asked for to a whole plan. Whatever only the user can mend is refused here, before anything starts. */
import { UsageError } from '../core/errors.ts';
import { nodeNames } from '../core/ids.ts';
import { unknownName } from '../core/suggest.ts';
import { inSeconds, seconds } from '../core/time.ts';
import type { EnvironmentName, Lacks } from '../environments/environment.ts';
import type { FaultKind } from '../environments/faults.ts';
import { namesOf, parseSelection, readSelection, withRoles } from '../nemesis/selection.ts';
import type { Bug, System } from '../protocol/system.ts';
import { assumptionsOf } from './assumptions.ts';
import { type Catalogue, find } from './catalogue.ts';
import { parseSettings, withFallbacks, workloadFallbacks } from './options.ts';
import { parseWeather } from './weather.ts';
import { type RunPlan, type Test, defaultsOf, isFaulty } from './plan.ts';

/** What the command line said. Absent: the default. */
export interface PlanRequest {
  readonly system: string;
  readonly bug?: string | undefined;
  readonly workload?: string | undefined;
  /** `partition:ring,kill` */
  readonly nemesis?: string | undefined;
  readonly nodeCount?: number | undefined;
  /** `10`, or `2n` for twice the number of nodes. */
  readonly concurrency?: string | undefined;
  readonly rate?: number | undefined;
  /** Seconds. */
  readonly timeLimit?: number | undefined;
  /** Seconds. */
  readonly nemesisInterval?: number | undefined;
  /** Seconds. */
  readonly attemptTimeout?: number | undefined;
  /** Seconds. */
  readonly operationTimeout?: number | undefined;
  readonly seed: number;
  readonly set?: readonly string[] | undefined;
  /** `delay=1-20,loss=0.01` */
  readonly weather?: string | undefined;
  readonly nodeLimits?: Partial<RunPlan['nodeLimits']> | undefined;
  readonly liveness?: boolean | undefined;
}

export interface EnvironmentChoice {
  readonly name: EnvironmentName;
  readonly reason: string;
  readonly faults: ReadonlySet<FaultKind>;
  readonly lacks?: Lacks;
}

/** Throws a UsageError for anything that cannot be run. */
export function expand(request: PlanRequest, environment: EnvironmentChoice, catalogue: Catalogue): Test {
  const defaults = defaultsOf(environment.name);
  const timeLimit = number('--time-limit', request.timeLimit ?? defaults.timeLimit, 0.1, 86_400);
  const system = find('system', request.system, catalogue.systems);
  const bug = request.bug === undefined ? null : bugOf(system, request.bug);
  const nodes = nodeNames(whole('--node-count', request.nodeCount ?? bug?.nodeCount ?? defaults.nodeCount, 1, 99));
  const nemesisInterval = request.nemesisInterval ?? bug?.nemesisInterval ?? defaults.nemesisInterval;
  const workload = find('workload', request.workload ?? bug?.workload ?? defaults.workload, catalogue.workloads);
  const set = parseSettings(request.set ?? [], [
    { owner: 'system', definitions: system.options },
    { owner: 'workload', definitions: workload.options },
  ]);
  const systemOptions = withFallbacks(system.options, bug?.options ?? {}, set.system);
  const options = { bug: bug?.name ?? null, values: systemOptions };
  const nemesis = request.nemesis ?? defaults.nemesis;
  const selections = parseSelection(nemesis, withRoles(catalogue.nemeses, system.roles), {
    nodeCount: nodes.length,
    environment: { ...environment, lacks: lacksOf(system, environment) },
    system: { name: system.name, hasMembership: system.membership !== undefined },
    // A system may refuse options that contradict each other, here.
    assumes: assumptionsOf(system.claims(options, nodes)),
  });
  const plan: RunPlan = {
    system: system.name,
    bug: bug?.name ?? null,
    systemOptions,
    workload: workload.name,
    workloadOptions: { ...workloadFallbacks(workload, system), ...set.workload },
    // What `all` was is written down: the next version may have more.
    nemeses: nemesis.trim() === 'all' ? namesOf(selections) : nemesis.split(',').map((word) => word.trim()),
    environment: environment.name,
    environmentReason: environment.reason,
    nodes,
    concurrency: parseConcurrency(request.concurrency ?? defaults.concurrency, nodes.length),
    rate: number('--rate', request.rate ?? defaults.rate, 0.1, 1_000_000),
    timeLimit: seconds(timeLimit),
    nemesisInterval: seconds(number('--nemesis-interval', nemesisInterval, 0.01, 86_400)),
    seed: whole('--seed', request.seed, 0, Number.MAX_SAFE_INTEGER),
    attemptTimeout: seconds(
      number('--attempt-timeout', request.attemptTimeout ?? defaults.attemptTimeout, 0.01, 3_600),
    ),
    operationTimeout: seconds(
      number('--operation-timeout', request.operationTimeout ?? defaults.operationTimeout, 0.01, 3_600),
    ),
    weather: request.weather === undefined ? {} : parseWeather(request.weather),
    nodeLimits: { memory: null, cpus: null, ...request.nodeLimits },
    liveness: request.liveness ?? false,
  };
  const test: Test = { plan, system, bug, workload, selections };
  refuseTheImpossible(test, environment);
  return test;
}

/** What the environment cannot do; what none can to somebody else's program; and what the system itself cannot. */
function lacksOf(system: System, { lacks }: EnvironmentChoice): Lacks {
  const all = new Map(lacks);
  if (system.kind === 'service')
    all.set(
      'partition:one-way',
      'A service is cut off both ways or not at all, since its connections carry data in both directions: name another partition.',
    );
  if (system.membership?.transfer === undefined)
    all.set(
      'membership:transfer',
      `The system ${system.name} cannot hand its leadership over: name another shape of membership.`,
    );
  return all;
}

/** Looks the names of a stored plan up again. Throws a UsageError when this version does not know one. */
export function resolve(plan: RunPlan, catalogue: Catalogue): Test {
  const system = find('system', plan.system, catalogue.systems);
  const nemeses = withRoles(catalogue.nemeses, system.roles);
  return {
    plan,
    system,
    bug: plan.bug === null ? null : bugOf(system, plan.bug),
    workload: find('workload', plan.workload, catalogue.workloads),
    selections: readSelection(plan.nemeses.join(','), nemeses, plan.nodes.length),
  };
}

function bugOf(system: System, name: string): Bug {
  const bug = system.bugs.find((candidate) => candidate.name === name);
  if (bug !== undefined) return bug;
  if (system.bugs.length === 0) throw new UsageError(`The system ${system.name} has no planted bugs: leave --bug out.`);
  const known = system.bugs.map((candidate) => candidate.name);
  throw unknownName(`bug of ${system.name}`, name, known);
}

function parseConcurrency(text: string, nodeCount: number): number {
  const match = /^(\d+)(n?)$/.exec(text);
  const count = match === null ? Number.NaN : Number(match[1]) * (match[2] === 'n' ? nodeCount : 1);
  if (count >= 1 && count <= 10_000) return count;
  throw new UsageError(
    `--concurrency wants a number of clients from 1 to 10000, or a multiple of the nodes such as 2n, and got "${text}".`,
  );
}

function number(flag: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} wants a number from ${least} to ${most}, and got ${value}.`);
}

function whole(flag: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${flag} wants a whole number from ${least} to ${most}, and got ${value}.`);
}

function refuseTheImpossible(test: Test, environment: EnvironmentChoice): void {
  const { plan, system, workload } = test;
  if (plan.attemptTimeout > plan.operationTimeout)
    throw new UsageError(
      `--attempt-timeout ${inSeconds(plan.attemptTimeout)} is longer than --operation-timeout ` +
        `${inSeconds(plan.operationTimeout)}: no operation would be tried at a second node. Make it shorter.`,
    );
  if (system.kind === 'service' && environment.name !== 'docker')
    throw new UsageError(
      `The system ${system.name} is a program of somebody else, which runs in containers only: use --env docker.`,
    );
  const clocks = test.selections.find(({ nemesis }) => nemesis.needs.includes('clock'));
  if (system.kind === 'service' && clocks !== undefined)
    throw new UsageError(
      `The clocks of ${system.name} cannot be skewed: what would have to be put over it need not fit its image. Leave ${clocks.nemesis.name} out.`,
    );
  if (environment.name !== 'sim' && Object.keys(plan.weather).length > 0)
    throw new UsageError('--weather is for the simulation, which alone can make it. Add --env sim, or leave it out.');
  workload.check?.(plan.workloadOptions);
  refuseUnknownCalls(test);
  if (isFaulty(test) && plan.nemesisInterval >= plan.timeLimit)
    throw new UsageError(
      `With --nemesis-interval ${inSeconds(plan.nemesisInterval)} and --time-limit ${inSeconds(plan.timeLimit)} hardly a ` +
        'fault would begin in time. Make the interval shorter or the run longer.',
    );
}

function refuseUnknownCalls({ plan, system, workload }: Test): void {
  const missing = workload.functions(plan.workloadOptions).filter((f) => !system.operations.includes(f));
  if (missing.length === 0) return;
  const share = workload.options.find(({ shareOf = '' }) => missing.includes(shareOf))?.shareOf;
  const advice = share === undefined ? '' : `, or set the share of ${share} to 0`;
  throw new UsageError(
    `The workload ${workload.name} asks for ${missing.join(', ')}, which ${system.name} does not understand ` +
      `(it knows ${system.operations.join(', ')}). Choose another workload${advice}.`,
  );
}
