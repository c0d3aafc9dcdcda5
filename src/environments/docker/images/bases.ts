/**
 * What the images can be made from, best first. A registry's image is what most machines have or can fetch; this
 * machine's own programs need nothing but themselves; a fresh Debian is for a machine that has a mirror of packages and
 * lacks the programs. Each is tried until one works, and the reasons of the others are kept for the one line that says
 * what was chosen, or for the error if none will do.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { type Building, identityOf, pull } from './build.ts';
import { debianImage, ensureDebian } from './debootstrap.ts';
import { hostFaketime, hostNode, hostTools, script } from './host-recipes.ts';
import { inImage } from './host-programs.ts';
import { type ContextEntry, type ImageRole, type Recipe, baseLabel } from './recipe.ts';

export const registryImage = 'node:22-bookworm-slim';

/** What the images below our programs are made by. */
export interface BaseRecipes {
  readonly base: Recipe;
  /** On top of the base, by the name that it has got. */
  readonly tools: (base: string) => Recipe;
  readonly faketime: boolean;
  readonly origin: string;
}

export interface Way {
  readonly name: string;
  /** Without the network and without building; null where this way has to fetch something first. Throws if it cannot. */
  readonly atHand: () => Promise<BaseRecipes | null>;
  /** Fetches what it needs. Throws with the reason where it cannot. */
  readonly fetch: (building: Building) => Promise<BaseRecipes>;
}

/** `docker` is the package's folder of Dockerfiles; `base` is what `--base` says, or has said. */
export function waysTo(engine: Engine, docker: string, base: string | null): readonly Way[] {
  if (base !== null) return [imageWay(engine, docker, base, base)];
  return [imageWay(engine, docker, registryImage, null), hostWay(engine, docker), debianWay(engine, docker)];
}

/** The base that somebody named when the images were last made, if they are still there. */
export async function baseGiven({ docker }: Engine): Promise<string | null> {
  const made = await docker.listImages({ filters: { label: [baseLabel] } });
  return made.toSorted((a, b) => b.Created - a.Created)[0]?.Labels[baseLabel] ?? null;
}

function imageWay(engine: Engine, docker: string, reference: string, given: string | null): Way {
  const style: Style = { origin: given === null ? reference : `${reference}, which --base named`, base: given };
  const atHand = async (): Promise<BaseRecipes | null> => {
    const identity = await identityOf(engine.docker, reference);
    return identity === null ? null : debianRecipes(engine, docker, { name: reference, identity }, style, []);
  };
  return {
    name: reference,
    atHand,
    fetch: async (building) => {
      const present = await atHand();
      if (present !== null) return present;
      building.progress(`pulling ${reference}`);
      await pull(engine.docker, reference, building);
      const pulled = await atHand();
      if (pulled === null) throw new Error('it was pulled, and the engine does not have it all the same');
      return pulled;
    },
  };
}

function hostWay(engine: Engine, docker: string): Way {
  const atHand = async (): Promise<BaseRecipes> => {
    refuseOtherMachine(engine);
    const faketime = await hostFaketime();
    const lack = faketime === null ? ', without libfaketime, so clocks cannot be moved' : '';
    const origin = `this machine's own node, iptables and tc${lack}`;
    const make = recipes(engine, { origin, base: null });
    const [node, tools] = await Promise.all([hostNode(faketime), hostTools(docker)]);
    const text = await dockerfile(docker, 'holder/scratch');
    return {
      base: make('base', await dockerfile(docker, 'node/scratch'), node, null),
      tools: (name) => make('tools', text, tools, { name, identity: name }),
      faketime: faketime !== null,
      origin,
    };
  };
  return { name: "this machine's own programs", atHand, fetch: atHand };
}

function debianWay(engine: Engine, docker: string): Way {
  const origin = "a Debian base made by debootstrap, and this machine's node";
  const from = async (identity: string): Promise<BaseRecipes> => {
    const node: ContextEntry = {
      kind: 'copy',
      path: inImage('/usr/local/bin/node'),
      from: process.execPath,
      executable: true,
    };
    return debianRecipes(engine, docker, { name: debianImage(engine), identity }, { origin, base: null }, [node]);
  };
  return {
    name: 'debootstrap',
    atHand: async () => {
      refuseOtherMachine(engine);
      const identity = await identityOf(engine.docker, debianImage(engine));
      return identity === null ? null : from(identity);
    },
    fetch: async (building) => {
      refuseOtherMachine(engine);
      return from(await ensureDebian(engine, building));
    },
  };
}

async function debianRecipes(
  engine: Engine,
  docker: string,
  parent: NonNullable<Recipe['parent']>,
  style: Style,
  node: readonly ContextEntry[],
): Promise<BaseRecipes> {
  const make = recipes(engine, style);
  const install = await script(docker, 'install.sh');
  const settle = await script(docker, 'node/settle-node.sh');
  const attempt = await script(docker, 'holder/try-tools.sh');
  const text = await dockerfile(docker, 'holder/debian');
  return {
    base: make('base', await dockerfile(docker, 'node/debian'), [install, settle, ...node], parent),
    tools: (name) => make('tools', text, [attempt], { name, identity: name }),
    faketime: true,
    origin: style.origin,
  };
}

type Style = Pick<Recipe, 'origin' | 'base'>;

const recipes =
  (engine: Engine, style: Style) =>
  (role: ImageRole, text: string, entries: readonly ContextEntry[], parent: Recipe['parent']): Recipe => ({
    role,
    dockerfile: text,
    entries,
    architecture: engine.facts.architecture,
    parent,
    ...style,
  });

const dockerfile = (docker: string, name: string): Promise<string> =>
  readFile(join(docker, `${name}.Dockerfile`), 'utf8');

/** Programs of this machine run in a container only where the engine's machine is of the same kind. */
function refuseOtherMachine({ facts }: Engine): void {
  const here = `${process.platform}/${process.arch}`;
  const there = `${facts.os}/${facts.architecture}`;
  if (here !== there) throw new Error(`the engine runs ${there}, and this machine is ${here}`);
}
