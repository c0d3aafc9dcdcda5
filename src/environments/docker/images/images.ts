/** The images that a cluster runs in: built where they are missing, named by the hash of what is in them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../../core/errors.ts';
import { type Engine, engineMessage } from '../engine.ts';
import { type BaseRecipes, type Way, baseGiven, registryImage, waysTo } from './bases.ts';
import { type Building, ensure, identityOf } from './build.ts';
import { packageRoot } from './package-root.ts';
import { holderProgram, nodeProgram, programEntries } from './program.ts';
import { imageLabel, nameOf } from './recipe.ts';

export interface Images {
  /**
   * Node and our program: its entry point, so that a container's command is the configuration of the node alone, as
   * one JSON text. Works on a read-only root without capabilities; `dataDirectory` is there to mount a volume on.
   */
  readonly node: string;
  /**
   * The same Node with iptables (nft, legacy or both: `iptables-nft-restore` and so on), `tc` and `sh` in its PATH. Its
   * entry point is the program of a holder, so that a container's command is that program's arguments alone.
   */
  readonly holder: string;
  /** In both images: what to preload to move a wall clock; null where it could not be had. */
  readonly faketime: string | null;
  /** One line: what the images are made from. */
  readonly origin: string;
}

/** In the node image; exists there and belongs to root, like all of it. */
export const dataDirectory = '/data';

const faketimeLibrary = '/harness/lib/libfaketimeMT.so.1';

export interface ImageOptions {
  /** What `--base` says; without it what it said last, or the first of several ways that works. */
  readonly base?: string;
  /**
   * The compiled program that nodes run, from the package's root; it and all that it imports lie below /harness in the
   * image. Without it the program of every system in the catalogue.
   */
  readonly program?: string;
  /** Hears one line per thing that takes time. Silent when all is there. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Rejects with a UsageError that says what to do where the images cannot be had. */
export async function ensureImages(engine: Engine, options: ImageOptions = {}): Promise<Images> {
  const { base, program = nodeProgram, progress = () => undefined, signal = new AbortController().signal } = options;
  if (engine.facts.os !== 'linux')
    throw new UsageError(`The engine runs ${engine.facts.os} containers, and our nodes are Linux programs. Switch it.`);
  const root = await packageRoot();
  const building: Building = { progress, signal };
  const named = base ?? (await baseGiven(engine));
  const made = await firstThatWorks(engine, waysTo(engine, join(root, 'docker'), named), building);
  const finish = async (role: 'node' | 'holder', parent: string): Promise<string> =>
    ensure(
      engine.docker,
      {
        role,
        dockerfile: await readFile(join(root, 'docker', role, 'Dockerfile'), 'utf8'),
        entries: await programEntries(root, role === 'node' ? program : holderProgram(root)),
        architecture: engine.facts.architecture,
        parent: { name: parent, identity: parent },
        origin: made.recipes.origin,
        base: made.recipes.base.base,
      },
      building,
    );
  const { faketime, origin } = made.recipes;
  const [node, holder] = await Promise.all([finish('node', made.base), finish('holder', made.tools)]);
  return { node, holder, faketime: faketime ? faketimeLibrary : null, origin };
}

interface Made {
  readonly recipes: BaseRecipes;
  readonly base: string;
  readonly tools: string;
}

/** What is built already wins, so that a run without a network does not knock at a registry each time. */
async function firstThatWorks(engine: Engine, ways: readonly Way[], building: Building): Promise<Made> {
  for (const way of ways) {
    const recipes = await way.atHand().catch(() => null);
    if (recipes === null) continue;
    const base = await nameOf(recipes.base);
    const tools = await nameOf(recipes.tools(base));
    const there = await Promise.all([base, tools].map((name) => identityOf(engine.docker, name)));
    if (there.every((identity) => identity !== null)) return { recipes, base, tools };
  }
  const reasons: string[] = [];
  for (const way of ways) {
    building.signal.throwIfAborted();
    try {
      const recipes = await way.fetch(building);
      const base = await ensure(engine.docker, recipes.base, building);
      return { recipes, base, tools: await ensure(engine.docker, recipes.tools(base), building) };
    } catch (error) {
      building.signal.throwIfAborted();
      const reason = `${way.name}: ${engineMessage(error)}`;
      building.progress(`not ${reason.split('\n', 1)[0] ?? ''}`);
      reasons.push(`  ${reason}`);
    }
  }
  throw new UsageError(
    `The images could not be made from anything:\n${reasons.join('\n')}\n` +
      `Bring an image with Node to the engine (docker save ${registryImage} elsewhere, docker load here), ` +
      'or name one with harness images --base IMAGE.',
  );
}

/** In bytes; they share their lower layers, so on the disk they take less than the sum. */
export async function sizesOf(
  { docker }: Engine,
  images: Images,
): Promise<readonly { readonly role: 'node' | 'holder'; readonly name: string; readonly bytes: number }[]> {
  const of = async (role: 'node' | 'holder') => ({
    role,
    name: images[role],
    bytes: (await docker.getImage(images[role]).inspect()).Size,
  });
  return [await of('node'), await of('holder')];
}

/** Removes the images that we made, as far as no container uses them. Resolves to the names of those removed. */
export async function removeImages({ docker }: Engine): Promise<readonly string[]> {
  const removed: string[] = [];
  // An image goes only after those that are built on it, so what is refused in one round may go in the next.
  for (let gone = -1; gone !== removed.length;) {
    gone = removed.length;
    for (const { Id, RepoTags } of await docker.listImages({ filters: { label: [imageLabel] } }))
      for (const name of RepoTags?.filter((tag) => tag !== '<none>:<none>') ?? [Id])
        if (await isRemoved(docker.getImage(name))) removed.push(name);
  }
  return removed;
}

const isRemoved = (image: { remove(): Promise<unknown> }): Promise<boolean> =>
  image.remove().then(
    () => true,
    () => false,
  );
