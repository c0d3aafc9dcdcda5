/** The planted bugs of the catalogue, and what to search each with. */
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { Contender } from '../explore/scoreboard.ts';
import { repeatCommand } from '../harness/command.ts';
import type { PlanRequest } from '../harness/expand.ts';
import { catalogue } from './catalogue.ts';
import type { ChosenEnvironment } from './environments.ts';
import { swarmOf } from './explore.ts';
import { programName } from './program.ts';
import type { SeedPool } from './seed-pool.ts';
import { testOf } from './test-command.ts';

export interface Planted {
  readonly system: string;
  readonly bug: string;
  /** Of the correct twin: with the options, the workload and the nodes that the bug needs. */
  readonly request: PlanRequest;
}

export interface Wanted {
  readonly system?: string | undefined;
  readonly bug?: string | undefined;
  /** Instead of the nemeses that the bug names. */
  readonly nemesis?: string | undefined;
}

/** Throws a UsageError on an unknown name. */
export function plantedBugs({ system: systemName, bug: bugName, nemesis }: Wanted = {}): readonly Planted[] {
  const { systems } = catalogue;
  if (systemName !== undefined && !Object.hasOwn(systems, systemName))
    throw unknownName('system', systemName, Object.keys(systems));
  const all = Object.values(systems)
    .filter(({ name }) => systemName === undefined || name === systemName)
    .flatMap(({ name, bugs }) =>
      bugs.map((bug): Planted => {
        const { nemeses, workload, nodeCount, nemesisInterval } = bug;
        const set = Object.entries(bug.options).map(([option, value]) => `system.${option}=${value}`);
        const broken = nemesis ?? nemeses.join(',');
        return {
          system: name,
          bug: bug.name,
          request: {
            system: name,
            workload,
            nemesis: broken,
            nodeCount,
            nemesisInterval,
            set,
            seed: 0,
            liveness: true,
          },
        };
      }),
    );
  const wanted = all.filter(({ bug }) => bugName === undefined || bug === bugName);
  if (wanted.length > 0) return wanted;
  if (bugName !== undefined) throw unknownName('bug', bugName, [...new Set(all.map(({ bug }) => bug))]);
  throw new UsageError(`The system ${systemName} has no planted bugs.`);
}

/** What a seed is for the bug, and for its twin: all the same but for the bug, as what is drawn does not depend on it. */
export function requestsOf(
  { bug, request }: Planted,
  chosen: ChosenEnvironment,
): Readonly<Record<'buggy' | 'correct', (seed: number) => PlanRequest>> {
  const correct = swarmOf(request, chosen);
  return { buggy: (seed) => ({ ...correct(seed), bug }), correct };
}

export function contenderOf(planted: Planted, chosen: ChosenEnvironment, pool: Pick<SeedPool, 'lanes'>): Contender {
  const { buggy, correct } = requestsOf(planted, chosen);
  const repeat = (requestOf: (seed: number) => PlanRequest) => (seed: number) =>
    repeatCommand(testOf({ request: requestOf(seed), chosen }, seed), programName());
  return {
    system: planted.system,
    bug: planted.bug,
    buggy: pool.lanes(buggy),
    correct: pool.lanes(correct),
    repeat: { buggy: repeat(buggy), correct: repeat(correct) },
  };
}
