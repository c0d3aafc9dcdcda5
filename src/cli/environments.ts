/** Which environments there are, and which one a run takes when the user did not say. */
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { Environment } from '../environments/environment.ts';
import { local } from '../environments/local/local.ts';
import { simulation } from '../environments/simulation/simulation.ts';

export interface ChosenEnvironment {
  readonly environment: Environment;
  /** Completes the sentence "local, because ...". */
  readonly reason: string;
}

/** The program that a process of a local node runs. */
const nodeProgram = new URL('./node.js', import.meta.url);

const environments = {
  local: () => local(nodeProgram),
  sim: () => simulation(),
} satisfies { readonly [name: string]: () => Environment };

export const environmentNames: readonly string[] = Object.keys(environments);

export function chooseEnvironment(name: string | undefined): ChosenEnvironment {
  if (name === undefined)
    return {
      environment: environments.local(),
      reason: 'no --env was given, and the docker environment does not exist yet',
    };
  if (name === 'docker')
    throw new UsageError('The docker environment does not exist yet. Use --env local or --env sim.');
  if (!Object.hasOwn(environments, name)) throw unknownName('environment', name, environmentNames);
  return { environment: environments[name as keyof typeof environments](), reason: `--env ${name} was given` };
}
