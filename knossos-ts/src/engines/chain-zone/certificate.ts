/**
 * Turns a break into a proof: the few operations that have no legal order, with the writes that they read from and the
 * cas between them, and nothing else. A long chain of cas below the operations that matter is cut: the lowest cas that
 * is kept is taken for a write of its value, which allows it more than it had, and what is below it falls away as a
 * block of its own would.
 */
import { closestPair, firstRead, lastRead, okObservers, type Pair } from './block-levels.ts';
import type { Break } from './break.ts';
import type { ChainZone } from './chain-zone.ts';
import { absent, never } from './register-log.ts';

/** In operations of the log. */
export interface Certificate {
  readonly kind: Break['kind'];
  readonly operations: readonly number[];
  /** Cas of which only the value that they left is used. */
  readonly cut: readonly number[];
  /** The operation that the story accuses; one that returned. */
  readonly accused: number;
  /**
   * What the proof turns on. `order`: [the later one, which was called after the other had returned; the other, which is
   * above it]. Zones: [early, late] of one block, then of the other; `absent` for the initial write.
   */
  readonly pivots: readonly number[];
}

/** What can still be read, and tried in all orders. */
const few = 12;

export function certificateOf(zone: ChainZone, broken: Exclude<Break, { kind: 'contradiction' }>): Certificate {
  switch (broken.kind) {
    case 'thin-air':
      return thinAir(zone, broken.operation, broken.ok);
    case 'lost-update':
      return lostUpdate(zone, broken.one, broken.other);
    case 'cas-cycle':
      return casCycle(zone);
    case 'order':
      return outOfOrder(zone, broken.value, broken.isMaker);
    case 'two-forward':
    case 'backward-in-forward':
    default:
      return overlap(zone, broken.kind, broken.one, broken.other);
  }
}

function thinAir({ log, producer }: ChainZone, operation: number, ok: number): Certificate {
  const operations = [ok];
  for (let at = ok; at !== operation;) {
    at = producer[log.observed[at] as number] as number;
    operations.push(at);
  }
  return { kind: 'thin-air', operations, cut: [], accused: ok, pivots: [operation] };
}

function lostUpdate(zone: ChainZone, one: number, other: number): Certificate {
  const { log } = zone;
  const value = log.observed[one] as number;
  const certain = (cas: number): number => (log.returned[cas] === never ? (causeOf(zone, cas).at(-1) as number) : cas);
  const [first, second] = [certain(one), certain(other)];
  const accused = (log.returned[first] as number) > (log.returned[second] as number) ? first : second;
  // What made the value may itself come from it.
  const cycle = cycleBelow(zone, first);
  if (cycle !== undefined) return cycle;
  const operations = [one, other, ...causeOf(zone, one), ...causeOf(zone, other)];
  return { kind: 'lost-update', ...closed(zone, operations, [[value, value]]), accused, pivots: [one, other] };
}

function casCycle(zone: ChainZone): Certificate {
  const { log, effective } = zone;
  const isCovered = coveredValues(zone);
  const start = log.observed.findIndex(
    (value, operation) =>
      operation < log.size &&
      value >= 0 &&
      effective[operation] === 1 &&
      log.returned[operation] !== never &&
      isCovered[value] === 0,
  );
  return cycleBelow(zone, start) as Certificate;
}

/**
 * Follows an operation that returned downwards, to what made the value that it met, until one comes again. Undefined
 * where that ends.
 */
function cycleBelow({ log, producer }: ChainZone, start: number): Certificate | undefined {
  const path = [start];
  const places = new Map<number, number>([[start, 0]]);
  for (;;) {
    const met = log.observed[path.at(-1) as number] as number;
    if (met === absent || met === log.initial) return undefined;
    const next = producer[met] as number;
    const known = places.get(next);
    if (known === undefined) {
      places.set(next, path.length);
      path.push(next);
      continue;
    }
    const cycle = path.slice(known);
    const ok = cycle.find((operation) => log.returned[operation] !== never);
    const operations = ok === undefined ? path : cycle;
    return { kind: 'cas-cycle', operations, cut: [], accused: ok ?? start, pivots: cycle };
  }
}

function coveredValues({ log, producer, nextCas }: ChainZone): Uint8Array {
  const covered = new Uint8Array(log.values);
  for (let head = 0; head < log.values; head++) {
    const maker = producer[head] as number;
    if (head !== log.initial && (maker === absent || log.observed[maker] !== absent)) continue;
    for (let value = head; ;) {
      covered[value] = 1;
      const next = nextCas[value] as number;
      if (next === absent) break;
      value = log.produced[next] as number;
    }
  }
  return covered;
}

/** The one that returned too early is given; of those below it that were called after that, the nearest is taken. */
function outOfOrder(zone: ChainZone, value: number, isMaker: boolean): Certificate {
  const { log, producer, readsCalled } = zone;
  const high = isMaker ? (producer[value] as number) : firstRead(zone, value);
  const returned = log.returned[high] as number;
  let low = value;
  let late = absent;
  if (!isMaker && isCalledAfter(zone, producer[value] as number, returned)) late = producer[value] as number;
  while (late === absent) {
    low = log.observed[producer[low] as number] as number;
    const maker = low === log.initial ? absent : (producer[low] as number);
    if ((readsCalled[low] as number) > returned) late = lastRead(zone, low);
    else if (isCalledAfter(zone, maker, returned)) late = maker;
  }
  const sets = closed(zone, [late, high], [[low, value]]);
  const accused = log.returned[late] === never ? high : late;
  return { kind: 'order', ...sets, accused, pivots: [late, high] };
}

const isCalledAfter = ({ log }: ChainZone, operation: number, position: number): boolean =>
  operation !== absent && (log.called[operation] as number) > position;

/** Each block gets an operation that ends before one of the other begins, and one that begins after one of it ended. */
function overlap(zone: ChainZone, kind: Break['kind'], one: number, other: number): Certificate {
  const { log, zones } = zone;
  const place = (head: number): number => zones.heads.subarray(0, zones.size).indexOf(head);
  const latestCall = zones.last[place(other)] as number;
  const firstReturn = zones.first[place(other)] as number;
  const a = closestPair(zone, one, latestCall, firstReturn);
  const b = closestPair(
    zone,
    other,
    log.called[a.late] as number,
    a.early === absent ? -1 : (log.returned[a.early] as number),
  );
  const pairs = [a, b];
  const operations = pairs.flatMap((pair) => [
    ...[pair.early, pair.late].filter((operation) => operation !== absent),
    ...(pair.endsLate ? causeOf(zone, pair.late) : []),
  ]);
  const sets = closed(
    zone,
    operations,
    pairs.map(({ low, high }) => [low, high]),
  );
  const accused = accusedOf(zone, a, b);
  return { kind, ...sets, accused, pivots: [a.early, a.late, b.early, b.late] };
}

/** Whoever was called last, if that returned; else somebody who tells that it took effect. */
function accusedOf({ log }: ChainZone, a: Pair, b: Pair): number {
  const ranked = [a.late, b.late, b.early, a.early]
    .filter((operation) => operation !== absent && log.returned[operation] !== never)
    .toSorted((one, other) => (log.called[other] as number) - (log.called[one] as number));
  return ranked[0] as number;
}

/** For one of unknown outcome: the operations that tell that it took effect, up to one that returned. As few as can be. */
function causeOf(zone: ChainZone, operation: number): number[] {
  const { log } = zone;
  if (log.returned[operation] !== never) return [];
  const observers = okObservers(zone);
  const swaps = effectiveSwaps(zone);
  const paths: (readonly number[])[] = [[operation]];
  const seen = new Set([operation]);
  // The list grows while it is walked through: the short paths come first.
  for (const path of paths) {
    const value = log.produced[path.at(-1) as number] as number;
    const ok = observers[value] as number;
    if (ok !== absent) return [...path.slice(1), ok];
    for (const next of swaps.get(value) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  throw new Error(`Nobody tells that operation ${operation} of the log took effect`);
}

/** By the value that they met: the cas that took effect. */
function effectiveSwaps({ log, effective }: ChainZone): ReadonlyMap<number, readonly number[]> {
  const swaps = new Map<number, number[]>();
  for (let operation = 0; operation < log.size; operation++) {
    const met = log.observed[operation] as number;
    if (effective[operation] === 0 || met === absent || log.produced[operation] === absent) continue;
    const others = swaps.get(met);
    if (others === undefined) swaps.set(met, [operation]);
    else others.push(operation);
  }
  return swaps;
}

/** Adds the makers of all values between the levels, and what those met; where that is too long, the rest is cut off. */
function closed(
  zone: ChainZone,
  operations: readonly number[],
  levels: readonly (readonly [low: number, high: number])[],
): Pick<Certificate, 'operations' | 'cut'> {
  const { log, producer } = zone;
  const all = new Set(operations);
  const roots: number[] = [];
  for (const [low, high] of levels) {
    for (let value = high; value !== log.initial;) {
      const maker = producer[value] as number;
      all.add(maker);
      if (value === low) {
        if (log.observed[maker] !== absent) roots.push(maker);
        break;
      }
      value = log.observed[maker] as number;
    }
  }
  const below = roots.map((root) => chainBelow(zone, root, few));
  const whole = new Set([...all, ...below.flatMap((chain) => chain ?? [])]);
  if (below.every((chain) => chain !== undefined) && whole.size <= few) return { operations: [...whole], cut: [] };
  return { operations: [...all], cut: roots };
}

/** The makers of the values that the cas came from; undefined where they are more than so many. */
function chainBelow({ log, producer }: ChainZone, cas: number, most: number): number[] | undefined {
  const chain: number[] = [];
  for (let value = log.observed[cas] as number; value !== absent && value !== log.initial;) {
    if (chain.length === most) return undefined;
    const maker = producer[value] as number;
    chain.push(maker);
    value = log.observed[maker] as number;
  }
  return chain;
}
