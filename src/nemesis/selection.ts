/** What `--nemesis partition:ring,kill` asks for, and what of it there can be. */
import { UsageError } from '../core/errors.ts';
import { nodeNames } from '../core/ids.ts';
import { seeded } from '../core/random.ts';
import { unknownName } from '../core/suggest.ts';
import type { FaultKind, FaultVariety } from '../environments/faults.ts';
import { isOneWay } from '../environments/faults.ts';
import { excess } from './bounds.ts';
import type { Assumptions, Nemesis, NemesisVariant } from './nemesis.ts';

export interface NemesisSelection {
  readonly nemesis: Nemesis;
  /** Those that are asked for and that the nodes can carry; empty for a nemesis that breaks nothing. */
  readonly variants: readonly NemesisVariant[];
  /**
   * Its faults may go beyond what the claims assume: every variant that was asked for has to, so that is what was
   * wanted, and the claim is reported and not judged.
   */
  readonly goesBeyond?: true;
}

/** What there is to break. */
export interface Ground {
  readonly nodeCount: number;
  readonly environment: {
    readonly name: string;
    readonly faults: ReadonlySet<FaultKind>;
    /** What it cannot do of these kinds, and why, in whole sentences. */
    readonly lacks?: ReadonlyMap<FaultVariety, string>;
  };
  readonly system: { readonly name: string; readonly hasMembership: boolean };
  readonly assumes: Assumptions;
}

type Known = { readonly [name: string]: Nemesis };

/** The nemeses with the shapes that are aimed at these roles. */
export function withRoles(known: Known, roles: readonly string[] = []): Known {
  const aimed = (nemesis: Nemesis): Nemesis => ({
    ...nemesis,
    variants: [...nemesis.variants, ...roles.flatMap((role) => nemesis.ofRole?.(role) ?? [])],
  });
  return Object.fromEntries(Object.entries(known).map(([name, nemesis]) => [name, aimed(nemesis)]));
}

/** Everything that the environment can do, the nodes can carry and the claims assume. */
const everything = 'all';

/**
 * Reads a list such as `partition:ring,partition:bridge,kill`, or `all`. Naming a nemesis several times adds up its
 * variants; it still holds one fault at a time. Throws a UsageError on an unknown name, if the nodes are too few, or if
 * the environment or the system cannot do what is asked for.
 */
export function parseSelection(text: string, known: Known, ground: Ground): readonly NemesisSelection[] {
  const names = text.split(',').map((part) => part.trim());
  if (names.some((name) => name.split(':')[0] === everything)) return selectAll(names, known, ground);
  const asked = readSelection(text, known, ground.nodeCount);
  for (const { nemesis, variants } of asked) {
    const named = variants.filter(({ name }) => names.includes(`${nemesis.name}:${name}`));
    const why = obstacle(nemesis, ground) ?? lacking(named, ground) ?? lackingAll(variants, ground);
    if (why !== null) throw new UsageError(why);
  }
  return asked.map(({ nemesis, variants }) =>
    within({ nemesis, variants: variants.filter((variant) => lacking([variant], ground) === null) }, ground),
  );
}

/** The same without asking whether it is possible: for a run that has been. */
export function readSelection(text: string, known: Known, nodeCount: number): readonly NemesisSelection[] {
  const wanted = new Map<Nemesis, NemesisVariant[]>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [name = '', variant] = entry.split(/:(.*)/s);
    const nemesis = Object.hasOwn(known, name) ? known[name] : undefined;
    if (nemesis === undefined) throw unknownName('nemesis', name, [everything, ...Object.keys(known)]);
    wanted.set(nemesis, [...(wanted.get(nemesis) ?? []), ...variantsOf(nemesis, variant, nodeCount)]);
  }
  const selections = [...wanted].map(([nemesis, variants]) => ({ nemesis, variants: [...new Set(variants)] }));
  const idle = selections.find(({ nemesis }) => nemesis.variants.length === 0);
  if (idle !== undefined && selections.length > 1)
    throw new UsageError(`The nemesis ${idle.nemesis.name} breaks nothing, so it cannot be combined with others.`);
  return selections;
}

/** As the list of their names that the same selection is read from. */
export const namesOf = (selections: readonly NemesisSelection[]): readonly string[] =>
  selections.map(({ nemesis }) => nemesis.name);

function selectAll(names: readonly string[], known: Known, ground: Ground): readonly NemesisSelection[] {
  if (names.length > 1 || names[0] !== everything)
    throw new UsageError(
      `--nemesis ${everything} takes every nemesis already, and stands alone. Leave the rest out, or name just those ` +
        'that you want, as in partition:ring,kill.',
    );
  const able = Object.keys(known).filter((name) => {
    const nemesis = known[name];
    if (nemesis === undefined || obstacle(nemesis, ground) !== null) return false;
    const carried = nemesis.variants.filter(
      (variant) => variant.minimumNodes <= ground.nodeCount && lacking([variant], ground) === null,
    );
    return carried.some((variant) => canStayWithin(variant, ground));
  });
  if (able.length > 0) return parseSelection(able.join(','), known, ground);
  throw new UsageError(
    `There is no nemesis that ${ground.environment.name} can do and ${ground.system.name} assumes with ` +
      `${ground.nodeCount} nodes. Name one, or leave --nemesis out.`,
  );
}

/** Leaves out the variants that cannot but go beyond what is assumed, if there are others. */
function within({ nemesis, variants }: NemesisSelection, ground: Ground): NemesisSelection {
  const fitting = variants.filter((variant) => canStayWithin(variant, ground));
  if (fitting.length > 0 || variants.length === 0) return { nemesis, variants: fitting };
  return { nemesis, variants, goesBeyond: true };
}

const trials = 8;

/** Tries it out on a cluster that is well. One that plans nothing there is given the benefit of the doubt. */
function canStayWithin(variant: NemesisVariant, { nodeCount, assumes }: Ground): boolean {
  const nodes = nodeNames(nodeCount);
  for (let trial = 0; trial < trials; trial++) {
    const planned = variant.plan({ nodes, inspections: new Map(), active: [], random: seeded(trial), assumes });
    if (planned === null || excess(assumes, [planned.fault], nodes) === null) return true;
  }
  return false;
}

/** Why the environment cannot do one of these; null when it can do all. */
function lacking(variants: readonly NemesisVariant[], ground: Ground): string | null {
  const { lacks } = ground.environment;
  if (lacks === undefined) return null;
  const reasons = variants.flatMap(({ needs }) => (needs === undefined ? [] : (lacks.get(needs) ?? [])));
  const noOneWay = lacks.get('partition:one-way') ?? null;
  return (
    reasons[0] ?? (noOneWay !== null && variants.some((variant) => plansOneWay(variant, ground)) ? noOneWay : null)
  );
}

/** Some shapes are one-way with some numbers of nodes only, so it is tried out. */
function plansOneWay(variant: NemesisVariant, { nodeCount, assumes }: Ground): boolean {
  const nodes = nodeNames(nodeCount);
  return Array.from({ length: trials }, (_, trial) =>
    variant.plan({ nodes, inspections: new Map(), active: [], random: seeded(trial), assumes }),
  ).some((planned) => planned !== null && isOneWay(planned.fault));
}

/** Why it can do none of them. */
function lackingAll(variants: readonly NemesisVariant[], ground: Ground): string | null {
  const reasons = variants.map((variant) => lacking([variant], ground));
  const known = [...new Set(reasons.filter((reason) => reason !== null))];
  return reasons.length > 0 && !reasons.includes(null) ? known.join(' ') : null;
}

function obstacle({ name, needs }: Nemesis, { environment, system }: Ground): string | null {
  const unable = needs.filter((kind) => !environment.faults.has(kind));
  if (unable.length > 0)
    return (
      `The environment ${environment.name} cannot do what the nemesis ${name} needs: ${unable.join(', ')}. ` +
      `It can do: ${[...environment.faults].join(', ')}.`
    );
  if (needs.includes('membership') && !system.hasMembership)
    return `The system ${system.name} cannot change its membership, which the nemesis ${name} needs. Leave ${name} out.`;
  return null;
}

function variantsOf(nemesis: Nemesis, name: string | undefined, nodeCount: number): readonly NemesisVariant[] {
  const named = name === undefined ? nemesis.variants : nemesis.variants.filter((variant) => variant.name === name);
  if (name !== undefined && named.length === 0) {
    const names = nemesis.variants.map((variant) => variant.name);
    if (names.length === 0) throw new UsageError(`The nemesis ${nemesis.name} has no variants.`);
    throw unknownName(`variant of ${nemesis.name}`, name, names);
  }
  const carried = named.filter((variant) => variant.minimumNodes <= nodeCount);
  if (carried.length > 0 || named.length === 0) return carried;
  const minimum = Math.min(...named.map((variant) => variant.minimumNodes));
  const title = name === undefined ? nemesis.name : `${nemesis.name}:${name}`;
  throw new UsageError(`The nemesis ${title} needs at least ${minimum} nodes; there are ${nodeCount}.`);
}
