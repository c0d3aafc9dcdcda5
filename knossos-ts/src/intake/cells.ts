/**
 * Where columns lie. The large ones are in shared memory, though nobody shares them: what an isolate allocates outside of
 * its heap hastens the collector, which would then walk through all events of the history, some seconds for ten million
 * operations, and find nothing to collect. Shared memory is not counted, so whoever checks in a loop would have ever more
 * of it: the collector is told between two checks.
 */
const large = 2 ** 16;

/**
 * Bytes that checks may ask for, and how many times what is in the heap, until the collector is told, which has to walk
 * through it.
 */
const untold = 2 ** 28;
const untoldHeaps = 2;
/** What it is shown then, which is enough to get it going. */
const shown = 2 ** 26;

let asked = 0;

function shared(bytes: number): SharedArrayBuffer {
  asked += bytes;
  return new SharedArrayBuffer(bytes);
}

/** To be called when a check begins, since nobody needs the columns of the one before it any more. */
export function tellCollector(): void {
  if (asked < untold || asked < untoldHeaps * process.memoryUsage().heapUsed) return;
  asked = 0;
  // Nobody writes to it, so it takes no memory; but this kind is counted.
  void new ArrayBuffer(shown);
}

/** A list that is full becomes so many times as long: seldom copied, and what nobody has written to yet takes no memory. */
export const growth: number = 8;

/** So many integers, all 0. */
export const cellsOf = (length: number): Int32Array =>
  length < large ? new Int32Array(length) : new Int32Array(shared(Math.ceil(length) * 4));

/** So many numbers, all 0. */
export const floatsOf = (length: number): Float64Array =>
  length < large ? new Float64Array(length) : new Float64Array(shared(Math.ceil(length) * 8));

/** So many bytes, all 0. */
export const bytesOf = (length: number): Uint8Array =>
  length < large ? new Uint8Array(length) : new Uint8Array(shared(Math.ceil(length)));

/** A copy with room for more. */
export function larger(cells: Int32Array, length: number): Int32Array {
  const grown = cellsOf(length);
  grown.set(cells);
  return grown;
}
