/** `--set key=value,key=value` for the options of systems and workloads. */
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { OptionValues, Workload } from '../generators/workload.ts';
import type { OptionDefinition, System } from '../protocol/system.ts';

/** The owner is what may stand before the dot in `workload.keys=10`. */
export interface OptionOwner {
  readonly owner: 'system' | 'workload';
  readonly definitions: readonly OptionDefinition[];
}

type Value = OptionValues[string];

/** The values that were set, by owner. Throws a UsageError that says what would be accepted. */
export function parseSettings(
  settings: readonly string[],
  owners: readonly OptionOwner[],
): { readonly system: OptionValues; readonly workload: OptionValues } {
  const result = { system: {} as Record<string, Value>, workload: {} as Record<string, Value> };
  for (const setting of settings.flatMap(separate)) {
    const split = setting.indexOf('=');
    if (split < 1) throw new UsageError(`--set wants key=value, and got "${setting}". Example: --set keys=10`);
    const key = setting.slice(0, split);
    const { owner, definition } = definitionOf(key, owners);
    if (Object.hasOwn(result[owner], definition.name)) throw new UsageError(`--set ${key} was given twice. Keep one.`);
    result[owner][definition.name] = parseValue(definition, key, setting.slice(split + 1));
  }
  return result;
}

/** `read=1,write=5` is two of them. A comma that no name follows belongs to a value. */
const separate = (setting: string): readonly string[] => setting.split(/,(?=[\w.-]+=)/);

/** Fills in what was not set. */
export const withFallbacks = (definitions: readonly OptionDefinition[], ...set: OptionValues[]): OptionValues =>
  Object.assign(Object.fromEntries(definitions.map(({ name, fallback }) => [name, fallback])), ...set) as OptionValues;

/**
 * What the options of a workload are where nobody sets them: calls that the system does not understand are never made.
 */
export const workloadFallbacks = (
  { options }: Pick<Workload, 'options'>,
  { operations }: Pick<System, 'operations'>,
): OptionValues =>
  withFallbacks(
    options,
    Object.fromEntries(
      options
        .filter(({ shareOf = '' }) => shareOf !== '' && !operations.includes(shareOf))
        .map(({ name }) => [name, 0]),
    ),
  );

function definitionOf(key: string, owners: readonly OptionOwner[]) {
  const all = owners.flatMap((owner) => owner.definitions.map((definition) => ({ owner: owner.owner, definition })));
  const found = all.filter(({ owner, definition }) => definition.name === key || `${owner}.${definition.name}` === key);
  // A name that both have is the system's; the other one is reached as `workload.name`.
  const chosen = found.find(({ owner }) => owner === 'system') ?? found[0];
  if (chosen !== undefined) return chosen;
  const names = all.map(({ definition }) => definition.name);
  throw unknownName('option', key, [...new Set(names)]);
}

function parseValue(definition: OptionDefinition, key: string, text: string): Value {
  const refuse = (wanted: string): never => {
    throw new UsageError(`--set ${key} wants ${wanted}, and got "${text}". It means: ${definition.summary}`);
  };
  const { fallback, choices, range, fractions = false } = definition;
  if (typeof fallback === 'boolean') return text === 'true' || (text === 'false' ? false : refuse('true or false'));
  if (typeof fallback === 'string') {
    return choices === undefined || choices.includes(text) ? text : refuse(`one of ${choices.join(', ')}`);
  }
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const [least, most] = range ?? [-Infinity, Infinity];
  const what = fractions ? 'a number' : 'a whole number';
  const wanted = range === undefined ? what : `${what} from ${least} to ${most}`;
  const isOne = fractions ? Number.isFinite(number) : Number.isSafeInteger(number);
  return isOne && number >= least && number <= most ? number : refuse(wanted);
}
