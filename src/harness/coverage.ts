/**
 * The coverage gate: did the run test anything? A green run that tested nothing is the worst that a harness can do, so
 * each of these must be met, or the run is inconclusive. It asks only for what the workload generated.
 */
import type { Operation, Value } from 'knossos-ts';
import type { CoverageItem } from '../report/run-report.ts';
import { type LoggedFault, touches } from './fault-log.ts';

export interface CoverageInput {
  /** The functions that the workload generates. */
  readonly functions: readonly string[];
  /** The names of the nemeses that were asked for and break something. */
  readonly nemeses: readonly string[];
  readonly operations: readonly Operation[];
  readonly faults: readonly LoggedFault[];
  /** Whether the history has its end mark. */
  readonly ended: boolean;
  readonly interrupted: boolean;
}

export function coverageOf(input: CoverageInput): readonly CoverageItem[] {
  const { functions, nemeses, operations } = input;
  return [
    wholeRun(input),
    ...functions.map((f) => succeededOutsideFaults(f, input)),
    ...(functions.includes('cas') ? [casSwapped(operations)] : []),
    ...(functions.includes('read') ? [readsObservedWrites(operations)] : []),
    ...(nemeses.length > 0 ? [faultsHappened(input), faultsProven(input), faultsHealed(input)] : []),
  ];
}

function wholeRun({ ended, interrupted }: CoverageInput): CoverageItem {
  const name = 'whole run';
  if (!ended) return { name, met: false, text: 'The history has no end mark: the run was cut short. Run it again.' };
  if (interrupted) return { name, met: false, text: 'The run was interrupted before its time limit. Run it again.' };
  return { name, met: true, text: 'The run went to its end.' };
}

function succeededOutsideFaults(f: string, { operations, faults }: CoverageInput): CoverageItem {
  const name = `${f} ok`;
  const ok = operations.filter((operation) => operation.f === f && operation.type === 'ok');
  const outside = ok.filter((operation) => !faults.some((fault) => touches(fault, operation))).length;
  if (outside > 0) return { name, met: true, text: `${f} succeeded ${times(outside)} outside of faults.` };
  const advice = ok.length > 0 ? 'Leave more time between faults (--nemesis-interval).' : 'Look into the node logs.';
  return { name, met: false, text: `${f} never succeeded outside of faults (${times(ok.length)} in all). ${advice}` };
}

function casSwapped(operations: readonly Operation[]): CoverageItem {
  const name = 'cas swapped';
  const swapped = operations.filter((operation) => operation.type === 'ok' && hasSwapped(operation)).length;
  if (swapped > 0) return { name, met: true, text: `cas swapped ${times(swapped)}.` };
  return { name, met: false, text: 'No cas ever swapped, so its effect was not tested. Run longer, or on fewer keys.' };
}

function readsObservedWrites(operations: readonly Operation[]): CoverageItem {
  const name = 'reads observed writes';
  const writers = new Map<string, Set<number>>();
  for (const operation of operations) {
    const written = writtenBy(operation);
    if (written === undefined || operation.type === 'fail') continue;
    const place = placeOf(operation.key, written);
    writers.set(place, (writers.get(place) ?? new Set()).add(operation.process));
  }
  const observed = operations.filter(({ f, type, key, output, process }) => {
    if (f !== 'read' || type !== 'ok') return false;
    const processes = writers.get(placeOf(key, output));
    return processes !== undefined && (processes.size > 1 || !processes.has(process));
  }).length;
  if (observed > 0) return { name, met: true, text: `Reads saw another process's write ${times(observed)}.` };
  return { name, met: false, text: "No read saw another process's write. Run longer, or on fewer keys." };
}

function faultsHappened({ nemeses, faults }: CoverageInput): CoverageItem {
  const name = 'faults happened';
  const missing = nemeses.filter(
    (nemesis) => !faults.some(({ begin, proof }) => begin.nemesis === nemesis && proof.held),
  );
  if (missing.length === 0) return { name, met: true, text: `${faults.length} faults, of ${nemeses.join(', ')}.` };
  const text = `No fault of ${missing.join(', ')} was proven. Run longer, or make --nemesis-interval shorter.`;
  return { name, met: false, text };
}

function faultsProven({ faults }: CoverageInput): CoverageItem {
  const name = 'faults proven';
  const bad = faults.find(({ proof }) => !proof.held);
  if (bad === undefined) return { name, met: true, text: `${faults.length} of ${faults.length} faults took effect.` };
  return { name, met: false, text: `Fault ${bad.begin.id} (${bad.begin.targets}) was not proven: ${bad.proof.text}` };
}

function faultsHealed({ faults }: CoverageInput): CoverageItem {
  const name = 'faults healed';
  const bad = faults.find(({ healed }) => !healed.held);
  if (bad === undefined) return { name, met: true, text: `${faults.length} of ${faults.length} faults were healed.` };
  return { name, met: false, text: `Fault ${bad.begin.id} (${bad.begin.targets}) did not heal: ${bad.healed.text}` };
}

/** What the operation leaves behind if it took effect. */
function writtenBy({ f, input, type, ...operation }: Operation): Value | undefined {
  if (f === 'write') return input;
  if (f !== 'cas' || !Array.isArray(input)) return undefined;
  const refused = type === 'ok' && !hasSwapped({ f, ...operation });
  return refused ? undefined : (input[1] as Value);
}

const hasSwapped = ({ f, output }: Pick<Operation, 'f' | 'output'>): boolean =>
  f === 'cas' && typeof output === 'object' && output !== null && 'swapped' in output && output.swapped === true;

const placeOf = (key: Value, value: Value): string => `${JSON.stringify(key)} ${JSON.stringify(value)}`;

const times = (count: number): string => (count === 1 ? 'once' : `${count.toLocaleString('en')} times`);
