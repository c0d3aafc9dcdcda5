/** Numbers, times and lists as people write them. */
const grouped = new Intl.NumberFormat('en-US');

/** `1,204`. */
export const count = (number: number): string => grouped.format(number);

/** `1 key`, `1,204 keys`. */
export const counted = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/** `0.031 ms`, `431 ms`, `12.4 s`: three digits at most before they are seconds by the thousand. */
export function duration(nanoseconds: number): string {
  const milliseconds = nanoseconds / 1e6;
  return milliseconds < 999.5 ? `${threeDigits(milliseconds)} ms` : `${threeDigits(milliseconds / 1e3)} s`;
}

/** By the number of decimals. Making one takes longer than anything else in a story of some operations. */
const rounded = [0, 1, 2, 3].map((decimals) => new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals }));

function threeDigits(number: number): string {
  const decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : number >= 0.9995 ? 2 : 3;
  return (rounded[decimals] as Intl.NumberFormat).format(number);
}

/** An instant of the run as evidence: seconds with four decimals. */
export const instant = (nanoseconds: number): string => `${(nanoseconds / 1e9).toFixed(4)} s`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
