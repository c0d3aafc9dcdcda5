/**
 * Where columns lie. The large ones are in shared memory, though nobody shares them: what an isolate allocates outside of
 * its heap hastens the collector, which would then walk through all events of the history, some seconds for ten million
 * operations, and find nothing to collect. Shared memory is not counted. It is given back as all else is.
 */
const large = 2 ** 16;

/** A list that is full becomes so many times as long: seldom copied, and what nobody has written to yet takes no memory. */
export const growth: number = 8;

/** So many integers, all 0. */
export const cellsOf = (length: number): Int32Array =>
  length < large ? new Int32Array(length) : new Int32Array(new SharedArrayBuffer(Math.ceil(length) * 4));

/** So many numbers, all 0. */
export const floatsOf = (length: number): Float64Array =>
  length < large ? new Float64Array(length) : new Float64Array(new SharedArrayBuffer(Math.ceil(length) * 8));

/** So many bytes, all 0. */
export const bytesOf = (length: number): Uint8Array =>
  length < large ? new Uint8Array(length) : new Uint8Array(new SharedArrayBuffer(Math.ceil(length)));

/** A copy with room for more. */
export function larger(cells: Int32Array, length: number): Int32Array {
  const grown = cellsOf(length);
  grown.set(cells);
  return grown;
}
