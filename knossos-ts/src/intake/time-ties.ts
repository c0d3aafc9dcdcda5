/**
 * Events that have the same time: nobody knows which of them was first, so that they count as concurrent. An operation
 * returns at the end of the tie in which its completion is: then it is before another exactly where that one was called
 * after the tie, which is to say that in a tie calls come before returns (as in Porcupine). A tie is a run of events of
 * one time, those of the nemesis left out. Where time goes back, the order of events decides.
 */
import { cellsOf } from './cells.ts';
import { IntColumn } from './int-column.ts';

/** What two events with the same time are to each other; `ordered`: the first is before the second, as they stand. */
export type TieRule = 'concurrent' | 'ordered';

export class TimeTies {
  /** The places of the first and the last event of each tie, in turn. */
  readonly #bounds = new IntColumn(16);
  /** How many events share their time with another. */
  events = 0;

  /** The event at this place has the time of the one at `previous`, which is the last one before it that counts. */
  add(previous: number, place: number): void {
    const { cells, length } = this.#bounds;
    if (length > 0 && cells[length - 1] === previous) {
      cells[length - 1] = place;
      this.events++;
      return;
    }
    this.#bounds.push(previous);
    this.#bounds.push(place);
    this.events += 2;
  }

  /** Where each operation returns. `events`: how many there are. */
  widened(returned: Int32Array, events: number): Int32Array {
    const bounds = this.#bounds.all;
    if (bounds.length === 0) return returned;
    const ends = cellsOf(events);
    for (let tie = 0; tie < bounds.length; tie += 2) {
      ends.fill(bounds[tie + 1] as number, bounds[tie], (bounds[tie + 1] as number) + 1);
    }
    const widened = cellsOf(returned.length);
    for (let operation = 0; operation < returned.length; operation++) {
      const place = returned[operation] as number;
      // No tie ends at place 0.
      widened[operation] = place < 0 ? place : (ends[place] as number) || place;
    }
    return widened;
  }
}
