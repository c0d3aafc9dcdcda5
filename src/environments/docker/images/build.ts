/** The engine's side of an image: is it there, build it, fetch it. Every wait has its limit. */
import { stripVTControlCharacters } from 'node:util';
import type Docker from 'dockerode';
import { engineMessage } from '../engine.ts';
import { type Recipe, contextOf, labelsOfImage, nameOf } from './recipe.ts';

export interface Building {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** An event of the engine's stream while it builds or pulls. */
interface EngineEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/** In milliseconds. Packages from a slow mirror are what takes longest. */
const buildLimit = 600_000;
const pullLimit = 600_000;
/** In milliseconds: how long a registry has to say its first word. */
const registryPatience = 6_000;

/** The identity of an image's content, or null where the engine does not have it. */
export async function identityOf(docker: Docker, name: string): Promise<string | null> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if ((error as { readonly statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

/** Builds what is not there yet. Rejects with the last words of the build. */
export async function ensure(docker: Docker, recipe: Recipe, building: Building): Promise<string> {
  const name = await nameOf(recipe);
  if ((await identityOf(docker, name)) !== null) return name;
  await build(docker, recipe, name, building);
  return name;
}

async function build(docker: Docker, recipe: Recipe, name: string, { progress, signal }: Building): Promise<void> {
  const begun = performance.now();
  progress(`building ${name} from ${recipe.origin}`);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(buildLimit)]);
  const stream = await docker.buildImage(await contextOf(recipe), {
    t: name,
    labels: labelsOfImage(recipe),
    ...(recipe.parent === null ? {} : { buildargs: { BASE: recipe.parent.name } }),
    // The classic builder: it knows the images that we have just built, on every engine and without a plugin.
    version: '1',
    rm: true,
    forcerm: true,
    abortSignal: limited,
  });
  const tail: string[] = [];
  await followed(docker, stream, limited, ({ stream: text = '' }) => {
    const line = stripVTControlCharacters(text).trim();
    if (/^Step \S+ : (?:COPY|RUN)/.test(line)) progress(`${recipe.role}: ${line}`);
    // Of the rest, what the programs in the build said: the builder's own words explain nothing.
    if (line === '' || /^(?:Step |--->|Removing intermediate)/.test(line)) return;
    tail.push(line);
    if (tail.length > 12) tail.shift();
  }).catch((error: unknown) => {
    throw new Error([engineMessage(error), ...tail].join('\n    '), { cause: error });
  });
  progress(`built ${name} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

/** Rejects soon where there is no way to the registry; takes its time once it has answered. */
export async function pull(docker: Docker, reference: string, { progress, signal }: Building): Promise<void> {
  const impatient = new AbortController();
  const patience = setTimeout(
    () => impatient.abort(new Error(`its registry did not answer within ${registryPatience / 1000} s`)),
    registryPatience,
  );
  const limited = AbortSignal.any([signal, impatient.signal, AbortSignal.timeout(pullLimit)]);
  try {
    const stream = await docker.pull(reference, { abortSignal: limited });
    const said = new Set<string>();
    await followed(docker, stream, limited, ({ status = '' }) => {
      clearTimeout(patience);
      if (status !== '' && !said.has(status)) progress(`  ${status}`);
      said.add(status);
    });
  } catch (error) {
    throw limited.aborted ? limited.reason : error;
  } finally {
    clearTimeout(patience);
  }
}

/** Resolves when the engine's stream ends well. */
function followed(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
  hear: (event: EngineEvent) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      (stream as NodeJS.ReadableStream & { destroy?: () => void }).destroy?.();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    let failure: string | undefined;
    docker.modem.followProgress(
      stream,
      (error: Error | null) => {
        signal.removeEventListener('abort', stop);
        if (error !== null) reject(error);
        else if (failure !== undefined) reject(new Error(failure));
        else resolve();
      },
      (event: EngineEvent) => {
        failure = event.error ?? failure;
        hear(event);
      },
    );
  });
}
