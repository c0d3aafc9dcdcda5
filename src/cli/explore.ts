/** `harness explore`: many simulated seeds, each with options of its own, over all processors. */
import { UsageError } from '../core/errors.ts';
import { exploration } from '../explore/exploration.ts';
import { drawSwarm, mostNodes } from '../explore/swarm.ts';
import { type SeedResult, isFailing, runSeeds } from '../harness/batch.ts';
import { repeatCommand } from '../harness/command.ts';
import type { PlanRequest } from '../harness/expand.ts';
import { writeReports } from '../harness/reporting.ts';
import { type FinishedRun, run } from '../harness/run.ts';
import { catalogue } from './catalogue.ts';
import { reporters } from './reporters.ts';
import { type ChosenEnvironment, simulated } from './environments.ts';
import { explorationText } from './explore-text.ts';
import { type Texts, countOf, requestFrom, textOf } from './flags.ts';
import { keepRuns } from './keep-runs.ts';
import { programName } from './program.ts';
import { SeedPool } from './seed-pool.ts';
import { type Terminal, interruptible } from './terminal.ts';
import { type TestCommand, defaultStore, settingsOf, showRun, testOf } from './test-command.ts';
import { requireFolder } from './writable.ts';

/** How many of the runs that failed are kept in the store. */
const mostKept = 3;
const lineEvery = 5_000;

export async function exploreCommand(flags: Texts, terminal: Terminal): Promise<number> {
  const chosen = simulated();
  const asked = requestFrom(flags, Object.keys(catalogue.systems));
  const request = { ...asked, nemesis: asked.nemesis ?? 'all', liveness: flags['liveness'] !== false };
  const json = flags['json'] === true;
  const command = { request, chosen, store: textOf(flags, 'store') ?? defaultStore, json, terminal };
  requireFolder(command.store, '--store');
  const count = countOf(flags, 'seeds', 1000);
  const twice = countOf(flags, 'check-determinism', 0);
  if (request.seed > Number.MAX_SAFE_INTEGER - count + 1)
    throw new UsageError(`--seed ${request.seed} leaves no room for ${count} seeds. Use a smaller one.`);
  const draw = swarmOf(request, chosen);
  (json ? terminal.note : terminal.print)(
    `Exploring ${request.system} in simulation: ${count} seeds from ${request.seed} on.`,
  );
  return interruptible(terminal.note, (signal) =>
    explore(command, { count, twice, keepGoing: flags['keep-going'] === true, draw }, signal),
  );
}

interface Extent {
  readonly count: number;
  /** How many of the seeds, the first ones, are run twice. */
  readonly twice: number;
  readonly keepGoing: boolean;
  readonly draw: (seed: number) => PlanRequest;
}

/** How a request becomes that of a seed. Throws a UsageError for what cannot be run. */
export function swarmOf(request: PlanRequest, chosen: ChosenEnvironment): (seed: number) => PlanRequest {
  const widest = testOf({ request: { ...request, nodeCount: request.nodeCount ?? mostNodes }, chosen }, request.seed);
  const nodeCount = request.nodeCount ?? widest.bug?.nodeCount;
  const nemesisInterval = request.nemesisInterval ?? widest.bug?.nemesisInterval;
  return (seed) => drawSwarm({ ...request, nodeCount, nemesisInterval }, widest, seed);
}

async function explore(command: TestCommand, extent: Extent, signal: AbortSignal): Promise<number> {
  const { terminal, json, chosen, request } = command;
  const { count, twice, keepGoing, draw } = extent;
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 1000;
  await using pool = new SeedPool(chosen.reason, count);
  const lanes = pool.lanes(draw, (seed) => seed < request.seed + twice);
  const progress = progressLines(terminal.note, count, elapsed);
  const results = await runSeeds({ first: request.seed, count, keepGoing }, lanes, progress, signal);
  const explored = exploration(results, count);
  const seconds = elapsed();
  const commandOf = (seed: number): string =>
    repeatCommand(testOf({ ...command, request: draw(seed) }, seed), programName());
  if (json) {
    const failures = explored.failures.map((failure) => ({ ...failure, command: commandOf(failure.seed) }));
    terminal.print(JSON.stringify({ ...explored, failures, failing: failures[0] ?? null, seconds }, null, 2));
  } else
    terminal.print(
      explorationText({ exploration: explored, elapsed: seconds, checksDeterminism: twice > 0, commandOf }),
    );
  await keepRuns({
    failures: explored.failures.slice(0, mostKept),
    runAgain: (seed) => runAgain(command, draw(seed), seed === explored.failures[0]?.seed),
    note: terminal.note,
    print: json ? terminal.note : terminal.print,
  });
  return explored.outcome.exitCode;
}

/** Runs a seed into the store; the first of them is shown. */
async function runAgain(command: TestCommand, request: PlanRequest, isFirst: boolean): Promise<FinishedRun> {
  const test = testOf({ ...command, request }, request.seed);
  const stored = await run(settingsOf(command, test, new AbortController().signal));
  if (isFirst && !command.json) await showRun(command, stored);
  else await writeReports(stored, quietReporters, { print: command.terminal.note, colour: false });
  return stored;
}

const quietReporters = Object.values(reporters).filter(({ name }) => name !== 'console');

function progressLines(
  note: (text: string) => void,
  count: number,
  elapsed: () => number,
): (result: SeedResult) => void {
  const state = { done: 0, failures: 0, next: performance.now() + lineEvery };
  return (result) => {
    state.done++;
    if (isFailing(result)) state.failures++;
    if (performance.now() < state.next) return;
    state.next = performance.now() + lineEvery;
    const speed = (state.done / elapsed()).toFixed(1);
    note(`${state.done} of ${count} seeds, ${speed} seeds/s, ${state.failures} failed`);
  };
}
