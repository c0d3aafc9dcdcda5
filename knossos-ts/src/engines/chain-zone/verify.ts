/**
 * Looks at a proof again, without the engine that found it: from the operations alone, step by step, each rule by its
 * words. For proofs that are too long to try all orders of. What it relies on is that each value is made once, in the
 * whole history of the key, which `isMadeOnce` looks up.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { valueKey, type ValueKey } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';
import type { Break } from './break.ts';

export interface Proof {
  readonly kind: Break['kind'];
  /** Those that were cut are writes here. */
  readonly operations: readonly Operation[];
  /** As in `Certificate`; undefined for the initial write. */
  readonly pivots: readonly (Operation | undefined)[];
  readonly initial: Value;
}

/** True when the proof holds for a history in which each value of its operations is made once. */
export function holds({ kind, operations, pivots, initial }: Proof): boolean {
  const blocks = new Blocks(operations, initial);
  if (blocks.isBroken) return false;
  const [one, other, third, fourth] = pivots;
  switch (kind) {
    case 'contradiction':
      return false;
    case 'thin-air':
      return one !== undefined && blocks.isEffective(one) && blocks.meetsNothing(one);
    case 'lost-update':
      return isLostUpdate(blocks, one, other);
    case 'cas-cycle':
      return isCycle(blocks, pivots);
    case 'order':
      if (one === undefined || other === undefined || !blocks.isEffective(one)) return false;
      return other.returned < one.called && blocks.isBelow(one, other);
    case 'two-forward':
    case 'backward-in-forward':
    default:
      return isOverlap(blocks, [one, other], [third, fourth]);
  }
}

function isLostUpdate(blocks: Blocks, one: Operation | undefined, other: Operation | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return false;
  const [met, same] = [observedValue(one), observedValue(other)];
  if (met === undefined || same === undefined || valueKey(met) !== valueKey(same)) return false;
  if (producedValue(one) === undefined || producedValue(other) === undefined) return false;
  return blocks.isEffective(one) && blocks.isEffective(other);
}

function isCycle(blocks: Blocks, cycle: readonly (Operation | undefined)[]): boolean {
  return (
    cycle.length > 0 &&
    cycle.every((operation, place) => {
      if (operation === undefined || !blocks.isEffective(operation)) return false;
      return blocks.makerFor(operation) === cycle[(place + 1) % cycle.length];
    })
  );
}

type Ends = readonly [early: Operation | undefined, late: Operation | undefined];

/** Each block has an operation that was over before one of the other began. The initial write was over before all. */
function isOverlap(blocks: Blocks, a: Ends, b: Ends): boolean {
  const roots = [a, b].map(([early, late]) => {
    if (late === undefined || !blocks.isEffective(late)) return undefined;
    const root = blocks.rootOf(late);
    const same = early === undefined ? blocks.initialRoot : blocks.rootOf(early);
    return root === same ? root : undefined;
  });
  if (roots[0] === undefined || roots[1] === undefined || roots[0] === roots[1]) return false;
  const comesFirst = ([early]: Ends, [, late]: Ends): boolean =>
    late !== undefined && (early === undefined || (early.type === 'ok' && early.returned < late.called));
  return comesFirst(a, b) && comesFirst(b, a);
}

/** Who made what from what. */
class Blocks {
  readonly isBroken: boolean;
  readonly initialRoot: ValueKey;
  readonly #makers = new Map<ValueKey, Operation>();
  readonly #effective = new Set<Operation>();
  readonly #members: ReadonlySet<Operation>;

  constructor(operations: readonly Operation[], initial: Value) {
    this.initialRoot = valueKey(initial);
    this.#members = new Set(operations);
    let isBroken = false;
    for (const operation of operations) {
      const made = producedValue(operation);
      if (made === undefined) continue;
      const key = valueKey(made);
      if (this.#makers.has(key) || key === this.initialRoot) isBroken = true;
      this.#makers.set(key, operation);
    }
    this.isBroken = isBroken;
    for (const operation of operations.filter(({ type }) => type === 'ok')) {
      let at: Operation | undefined = operation;
      for (; at !== undefined && !this.#effective.has(at); at = this.makerFor(at)) this.#effective.add(at);
    }
  }

  /** It returned, or somebody who did met what it left, or what was made of that. */
  isEffective(operation: Operation): boolean {
    return this.#effective.has(operation) && this.#members.has(operation);
  }

  /** Who made the value that the operation met. */
  makerFor(operation: Operation): Operation | undefined {
    const met = observedValue(operation);
    return met === undefined ? undefined : this.#makers.get(valueKey(met));
  }

  meetsNothing(operation: Operation): boolean {
    const met = observedValue(operation);
    return met !== undefined && valueKey(met) !== this.initialRoot && this.makerFor(operation) === undefined;
  }

  /** What leads to the operation, itself first: makers of what each met, down to a blind write or the initial value. */
  *#downFrom(operation: Operation): Generator<Operation> {
    const seen = new Set<Operation>();
    let at: Operation | undefined = operation;
    for (; at !== undefined && !seen.has(at); at = this.makerFor(at)) {
      seen.add(at);
      yield at;
    }
  }

  /** The value at the bottom of the operation's block. */
  rootOf(operation: Operation): ValueKey | undefined {
    let last: Operation = operation;
    for (const at of this.#downFrom(operation)) last = at;
    const met = observedValue(last);
    if (met !== undefined) return valueKey(met) === this.initialRoot ? this.initialRoot : undefined;
    const made = producedValue(last);
    return made === undefined ? undefined : valueKey(made);
  }

  /** In any legal order the one must come before the other, because of what leads to the other. */
  isBelow(one: Operation, other: Operation): boolean {
    const [level, isRead] = levelOf(one);
    let steps = 0;
    for (const at of this.#downFrom(other)) {
      if (at === one) return steps > 0;
      // A read of a value comes before whoever swaps that.
      const met = observedValue(at);
      if (isRead && met !== undefined && producedValue(at) !== undefined && valueKey(met) === level) return true;
      steps++;
    }
    return false;
  }
}

function levelOf(operation: Operation): readonly [ValueKey | undefined, isRead: boolean] {
  const made = producedValue(operation);
  const level = made ?? observedValue(operation);
  return [level === undefined ? undefined : valueKey(level), made === undefined];
}
