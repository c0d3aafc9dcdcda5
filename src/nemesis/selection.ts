/** What `--nemesis partition:ring,kill` asks for. */
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { Nemesis, NemesisVariant } from './nemesis.ts';

export interface NemesisSelection {
  readonly nemesis: Nemesis;
  /** Those that are asked for and that the nodes can carry; empty for a nemesis that breaks nothing. */
  readonly variants: readonly NemesisVariant[];
}

/**
 * Reads a list such as `partition:ring,partition:bridge,kill`. Naming a nemesis several times adds up its variants; it
 * still holds one fault at a time. Throws a UsageError on an unknown name, or if the nodes are too few.
 */
export function parseSelection(
  text: string,
  known: { readonly [name: string]: Nemesis },
  nodeCount: number,
): readonly NemesisSelection[] {
  const wanted = new Map<Nemesis, NemesisVariant[]>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [name = '', variant] = entry.split(/:(.*)/s);
    const nemesis = Object.hasOwn(known, name) ? known[name] : undefined;
    if (nemesis === undefined) throw unknownName('nemesis', name, Object.keys(known));
    wanted.set(nemesis, [...(wanted.get(nemesis) ?? []), ...variantsOf(nemesis, variant, nodeCount)]);
  }
  const selections = [...wanted].map(([nemesis, variants]) => ({ nemesis, variants: [...new Set(variants)] }));
  const idle = selections.find(({ nemesis }) => nemesis.variants.length === 0);
  if (idle !== undefined && selections.length > 1)
    throw new UsageError(`The nemesis ${idle.nemesis.name} breaks nothing, so it cannot be combined with others.`);
  return selections;
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
