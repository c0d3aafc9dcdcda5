/** Many numbers in few: quantiles, and a histogram whose bounds double. */
export interface Summary {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** How many are at most `upTo` and above the bound before. The first bound is 0; only as many as are needed. */
  readonly histogram: readonly { readonly upTo: number; readonly count: number }[];
}

/** Of numbers that are not negative. The quantile q of n numbers is the one at place ceil(q n) by size. */
export function summaryOf(numbers: readonly number[]): Summary {
  const sorted = Float64Array.from(numbers).toSorted();
  const quantile = (share: number): number => sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? 0;
  const max = sorted.at(-1) ?? 0;
  const histogram: { upTo: number; count: number }[] = [];
  let place = 0;
  for (let upTo = 0; place < sorted.length; upTo = upTo === 0 ? 1 : upTo * 2) {
    const before = place;
    while (place < sorted.length && (sorted[place] as number) <= upTo) place++;
    histogram.push({ upTo, count: place - before });
  }
  return { p50: quantile(0.5), p99: quantile(0.99), max, histogram };
}
