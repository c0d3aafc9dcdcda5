/** The option sets of a system that are worth comparing: what it promises, and what it is like, depends on them. */
import { UsageError } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { OptionValues } from '../generators/workload.ts';
import type { Claim, System } from '../protocol/system.ts';
import { withFallbacks } from './options.ts';

export interface OptionSet {
  /** What differs from the defaults; empty for the defaults themselves. */
  readonly values: OptionValues;
  /** As `--set` takes each of them: `read=1 write=1`; or `defaults`. */
  readonly title: string;
  readonly claims: readonly Claim[];
}

/**
 * The defaults, every other choice of an option by itself, and the combinations that the system names; of these what it
 * takes on so many nodes. A system whose options are words need not name anything.
 */
export function optionSetsOf(
  system: Pick<System, 'options' | 'combinations' | 'claims'>,
  nodes: readonly NodeId[],
): readonly OptionSet[] {
  const { options, combinations = [] } = system;
  const choices = options.flatMap(({ name, fallback, choices: words = [] }) =>
    words.filter((word) => word !== fallback).map((word): OptionValues => ({ [name]: word })),
  );
  return [{}, ...choices, ...combinations].flatMap((values) => {
    const claims = claimsUnder(system, values, nodes);
    return claims === null ? [] : [{ values, title: titleOf(values), claims }];
  });
}

/** Null where it refuses them. */
function claimsUnder(
  system: Pick<System, 'options' | 'claims'>,
  values: OptionValues,
  nodes: readonly NodeId[],
): readonly Claim[] | null {
  try {
    return system.claims({ bug: null, values: withFallbacks(system.options, values) }, nodes);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function titleOf(values: OptionValues): string {
  const words = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? 'defaults' : words.join(' ');
}
