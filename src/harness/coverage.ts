/**
 * The coverage gate: did the run test anything? A green run that tested nothing is the worst that a harness can do, so
 * each of these must be met, or the run is inconclusive. It asks only for what the workload generated.
 */
import type { Operation, Value } from 'knossos-ts';
import type { CoverageItem } from '../report/run-report.ts';
import { type LoggedFault, touches } from './fault-log.ts';
import { isRefused, seenBy, writtenBy } from './observed.ts';

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
  /** What the run should have reached and did not, in whole sentences. */
  readonly shortcomings: readonly string[];
  /** The position at which the final reads began. */
  readonly finalFrom: number;
}

/** A store that refuses nearly everything in good weather was hardly tested, even if all that it said was right. */
const leastShareOk = 0.5;
/** After healing, nothing stands in the way of a read. */
const leastShareOkAtLast = 0.9;

export function coverageOf(input: CoverageInput): readonly CoverageItem[] {
  const { functions, nemeses, operations } = input;
  return [
    wholeRun(input),
    everyPhase(input),
    ...functions.map((f) => succeededOutsideFaults(f, input)),
    ...(functions.includes('cas') ? [casSwapped(operations)] : []),
    ...(functions.includes('insert') ? [insertsMet(operations)] : []),
    ...(functions.includes('txn') ? [transactionsCommitted(operations)] : []),
    ...(functions.includes('read') ? [readsObservedWrites(operations)] : []),
    servedAfterHealing(input),
    ...(nemeses.length > 0 ? [faultsHappened(input), faultsProven(input), faultsHealed(input)] : []),
  ];
}

function wholeRun({ ended, interrupted }: CoverageInput): CoverageItem {
  const name = 'whole run';
  if (!ended) return { name, met: false, text: 'The history has no end mark: the run was cut short. Run it again.' };
  if (interrupted) return { name, met: false, text: 'The run was interrupted before its time limit. Run it again.' };
  return { name, met: true, text: 'The run went to its end.' };
}

function everyPhase({ shortcomings }: CoverageInput): CoverageItem {
  const name = 'every phase';
  if (shortcomings.length > 0) return { name, met: false, text: shortcomings.join(' ') };
  return { name, met: true, text: 'Set-up, recovery and final reads were done in time.' };
}

function succeededOutsideFaults(f: string, { operations, faults }: CoverageInput): CoverageItem {
  const name = `${f} ok`;
  const called = operations.filter((operation) => operation.f === f);
  const outside = called.filter((operation) => !faults.some((fault) => touches(fault, operation)));
  const ok = outside.filter(({ type }) => type === 'ok').length;
  if (ok > 0 && ok >= leastShareOk * outside.length)
    return { name, met: true, text: `${f} succeeded ${times(ok)} outside of faults.` };
  if (ok > 0) {
    const share = `${number(ok)} of ${number(outside.length)}`;
    return { name, met: false, text: `${f} succeeded only ${share} times outside of faults. Look into the node logs.` };
  }
  const inAll = called.filter(({ type }) => type === 'ok').length;
  const advice = inAll > 0 ? 'Leave more time between faults (--nemesis-interval).' : 'Look into the node logs.';
  return { name, met: false, text: `${f} never succeeded outside of faults (${times(inAll)} in all). ${advice}` };
}

function servedAfterHealing({ operations, finalFrom }: CoverageInput): CoverageItem {
  const name = 'served after healing';
  const final = operations.filter(({ called }) => called > finalFrom);
  const ok = final.filter(({ type }) => type === 'ok').length;
  const share = `${number(ok)} of ${number(final.length)}`;
  if (ok > 0 && ok >= leastShareOkAtLast * final.length)
    return { name, met: true, text: `${share} operations succeeded after all faults had healed.` };
  const text = `Only ${share} operations succeeded after all faults had healed. Look into the node logs.`;
  return { name, met: false, text: final.length === 0 ? 'The run never came to its final reads. Run it again.' : text };
}

function casSwapped(operations: readonly Operation[]): CoverageItem {
  const name = 'cas swapped';
  const swapped = operations.filter((one) => one.f === 'cas' && one.type === 'ok' && !isRefused(one)).length;
  if (swapped > 0) return { name, met: true, text: `cas swapped ${times(swapped)}.` };
  return { name, met: false, text: 'No cas ever swapped, so its effect was not tested. Run longer, or on fewer keys.' };
}

/** One that adds a pair, and one that finds another: each by itself would not tell the operation from a write or a read. */
function insertsMet(operations: readonly Operation[]): CoverageItem {
  const name = 'inserts met';
  const ended = operations.filter(({ f, type }) => f === 'insert' && type === 'ok');
  const added = ended.filter((operation) => !isRefused(operation)).length;
  const refused = ended.length - added;
  if (added > 0 && refused > 0)
    return { name, met: true, text: `An insert added its pair ${times(added)} and met another ${times(refused)}.` };
  const never = added === 0 ? 'No insert ever added its pair' : 'No insert ever met another value';
  return { name, met: false, text: `${never}, so its effect was not tested. Run longer, or on fewer keys.` };
}

/**
 * One that writes over what another one wrote: those that only read would not tell it from a read, and one that opens
 * what all others are then refused meets nobody.
 */
function transactionsCommitted(operations: readonly Operation[]): CoverageItem {
  const name = 'transactions committed';
  const ended = operations.filter(({ f, type }) => f === 'txn' && type === 'ok');
  const committed = ended.filter((operation) => writtenBy(operation).length > 0).length;
  const refused = ended.filter(isRefused).length;
  const written = new Set<string>();
  let over = 0;
  for (const operation of ended) {
    const keys = writtenBy(operation).map(({ key }) => placeOf(key, null));
    if (keys.some((key) => written.has(key))) over++;
    for (const key of keys) written.add(key);
  }
  if (over > 0)
    return {
      name,
      met: true,
      text: `A txn that writes was committed ${times(committed)} and refused ${times(refused)}.`,
    };
  const never = committed === 0 ? 'was ever committed' : 'over what another one wrote was ever committed';
  const text = `No txn that writes ${never}, so its effect was not tested. Run longer, or with more accounts.`;
  return { name, met: false, text };
}

function readsObservedWrites(operations: readonly Operation[]): CoverageItem {
  const name = 'reads observed writes';
  const writers = new Map<string, Set<number>>();
  for (const operation of operations) {
    if (operation.type === 'fail') continue;
    for (const { key, value } of writtenBy(operation)) {
      const place = placeOf(key, value);
      writers.set(place, (writers.get(place) ?? new Set()).add(operation.process));
    }
  }
  const observed = operations.filter((operation) =>
    seenBy(operation).some(({ key, value }) => {
      const processes = writers.get(placeOf(key, value));
      return processes !== undefined && (processes.size > 1 || !processes.has(operation.process));
    }),
  ).length;
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
  return {
    name,
    met: false,
    text: `Fault ${bad.begin.id} (${bad.begin.targets}) did not end as it should: ${bad.healed.text}`,
  };
}

const placeOf = (key: Value, value: Value): string =>
  JSON.stringify([key, value], (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

const times = (count: number): string => (count === 1 ? 'once' : `${number(count)} times`);

const number = (count: number): string => count.toLocaleString('en');
