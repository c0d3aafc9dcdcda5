/**
 * The zones of blocks (Gibbons & Korach 1997): from the earliest return in a block to the latest call. Where that is a
 * stretch of time, the zone is forward: the block fills it, and nothing else can be there. Otherwise all operations of
 * the block run at the same time throughout a stretch from the latest call to the earliest return, the zone is backward,
 * and the block fits wherever that stretch leaves room.
 */
import type { Break } from './break.ts';
import { cellsOf, floatsOf, growth, larger } from '../../intake/cells.ts';

const perPiece = 2 ** 16;

export class Zones {
  /** The value with which each block begins. */
  heads: Int32Array = new Int32Array(64);
  first: Int32Array = new Int32Array(64);
  last: Int32Array = new Int32Array(64);
  size = 0;
  /** The forward ones, by their beginning. */
  forward: Int32Array = new Int32Array(0);
  #order: Float64Array = new Float64Array(64);

  clear(): void {
    this.size = 0;
    this.forward = this.forward.subarray(0, 0);
  }

  /** A block with its earliest return and its latest call. */
  add(head: number, firstReturn: number, latestCall: number): void {
    if (this.size === this.heads.length) {
      this.heads = larger(this.heads, this.size * growth);
      this.first = larger(this.first, this.size * growth);
      this.last = larger(this.last, this.size * growth);
    }
    this.heads[this.size] = head;
    this.first[this.size] = firstReturn;
    this.last[this.size++] = latestCall;
  }

  /** Two zones whose blocks would each have to come before the other. */
  *findConflict(): Generator<void, Break | undefined> {
    this.#sortForward();
    yield;
    const { forward, first, last, heads } = this;
    for (let place = 1; place < forward.length; place++) {
      const [one, other] = [forward[place - 1] as number, forward[place] as number];
      if ((first[other] as number) >= (last[one] as number)) continue;
      return { kind: 'two-forward', one: heads[one] as number, other: heads[other] as number };
    }
    for (let from = 0; from < this.size; from += perPiece) {
      const found = this.#findInside(from, Math.min(from + perPiece, this.size));
      if (found !== undefined) return found;
      yield;
    }
    return undefined;
  }

  /** The last forward zone that begins before the position, as a place in `forward`; -1 where there is none. */
  forwardBefore(position: number): number {
    const { forward, first } = this;
    let [low, high] = [0, forward.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((first[forward[middle] as number] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  isForward(zone: number): boolean {
    return (this.first[zone] as number) < (this.last[zone] as number);
  }

  /** A backward zone inside a forward one. */
  #findInside(from: number, to: number): Break | undefined {
    const { forward, first, last, heads } = this;
    for (let zone = from; zone < to; zone++) {
      if (this.isForward(zone)) continue;
      const place = this.forwardBefore(last[zone] as number);
      if (place < 0) continue;
      const around = forward[place] as number;
      if ((first[zone] as number) >= (last[around] as number)) continue;
      return { kind: 'backward-in-forward', one: heads[around] as number, other: heads[zone] as number };
    }
    return undefined;
  }

  /** Beginning and number are packed into one float each, since plain numbers are sorted fastest. */
  #sortForward(): void {
    if (this.#order.length < this.size) this.#order = floatsOf(this.heads.length);
    let count = 0;
    for (let zone = 0; zone < this.size; zone++) {
      if (this.isForward(zone)) this.#order[count++] = ((this.first[zone] as number) + 1) * this.size + zone;
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- a copy would not be in shared memory
    const sorted = this.#order.subarray(0, count).sort();
    this.forward = cellsOf(count);
    for (let place = 0; place < count; place++) this.forward[place] = (sorted[place] as number) % this.size;
  }
}
