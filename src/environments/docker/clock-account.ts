/**
 * Where a node's wall clock should be, reckoned by the harness from what it has asked for. What the holder says of its
 * own file is never asked: whatever is wrong there would then be expected too.
 */
import type { ClockSkew, FaultId } from '../faults.ts';

/** Between two moments of the harness's monotonic clock, in milliseconds: something happened at one of them. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds ahead of the machine's clock. */
export type Range = readonly [least: number, most: number];

interface Active {
  readonly fault: FaultId;
  readonly skew: ClockSkew;
  readonly since: Span;
}

/** How exactly clocks of busy processes can be compared, in milliseconds. */
export const blur = 12;
/** So late the holder of a busy machine may be to take a step that is due. */
const tardiness = 100;

/** Immutable. Bumps, rewinds and the present side of strobes are added up, and what a drift has gained stays. */
export class ClockAccount {
  readonly #active: readonly Active[];
  /** By drifts that have ended. */
  readonly #gained: Range;

  constructor(active: readonly Active[] = [], gained: Range = [0, 0]) {
    this.#active = active;
    this.#gained = gained;
  }

  /** Null when the fault is not active. */
  sinceOf(fault: FaultId): Span | null {
    return this.#active.find((each) => each.fault === fault)?.since ?? null;
  }

  begun(fault: FaultId, skew: ClockSkew, since: Span): ClockAccount {
    return new ClockAccount([...this.#active, { fault, skew, since }], this.#gained);
  }

  ended(fault: FaultId, when: Span): ClockAccount {
    const own = this.#active.find((each) => each.fault === fault);
    if (own?.skew.type !== 'drift') return this.without(fault);
    return new ClockAccount(this.without(fault).#active, plus(this.#gained, drifted(own.skew.rate, own.since, when)));
  }

  /** As if the fault had never been. */
  without(fault: FaultId): ClockAccount {
    return new ClockAccount(
      this.#active.filter((each) => each.fault !== fault),
      this.#gained,
    );
  }

  /** Nobody knows exactly when a drift began and ended; where nothing else moves, a look at the clock tells more. */
  narrowed(ahead: number): ClockAccount {
    let steady = 0;
    for (const { skew } of this.#active)
      if (skew.type === 'bump') steady += skew.by / 1e6;
      else return this;
    const least = Math.max(this.#gained[0], ahead - steady - blur);
    const most = Math.min(this.#gained[1], ahead - steady + blur);
    return least > most ? this : new ClockAccount(this.#active, [least, most]);
  }

  /** Where the clock may be at some moment of the span; more than one place where it is stepped. */
  places(seen: Span): readonly Range[] {
    let places: readonly Range[] = [this.#gained];
    for (const active of this.#active)
      places = places.flatMap((place) => effects(active, seen).map((effect) => plus(place, effect)));
    return places;
  }

  /** Whether a clock that was seen so far ahead is where it should be, as exactly as that can be told. */
  allows(ahead: number, seen: Span): boolean {
    return this.places(seen).some(([least, most]) => least - blur <= ahead && ahead <= most + blur);
  }

  /** How fast the clock gains, as a share. Negative: it loses. */
  get rate(): number {
    return this.#active.reduce((sum, { skew }) => {
      if (skew.type === 'drift') return sum + skew.rate;
      return skew.type === 'rewind' ? sum - skew.by / skew.period : sum;
    }, 0);
  }
}

function effects({ skew, since }: Active, seen: Span): readonly Range[] {
  const late = { from: seen.from - tardiness, to: seen.to };
  if (skew.type === 'drift') return [drifted(skew.rate, since, late)];
  const by = skew.by / 1e6;
  if (skew.type === 'bump') return [[by, by]];
  if (skew.type === 'strobe')
    return [
      [0, 0],
      [by, by],
    ];
  const [fewest, most] = passed(since, late).map((time) => Math.floor(time / (skew.period / 1e6)) + 1) as [
    number,
    number,
  ];
  return Array.from({ length: most - fewest + 1 }, (_, index): Range => {
    const offset = -(fewest + index) * by;
    return [offset, offset];
  });
}

const plus = (one: Range, other: Range): Range => [one[0] + other[0], one[1] + other[1]];

const passed = (since: Span, until: Span): Range => [
  Math.max(0, until.from - since.to),
  Math.max(0, until.to - since.from),
];

function drifted(rate: number, since: Span, until: Span): Range {
  const [least, most] = passed(since, until);
  return rate < 0 ? [rate * most, rate * least] : [rate * least, rate * most];
}
