/** Registers, one after the other, in the same arrays. */
import type { Judgement } from '../judgement.ts';
import { ChainZone } from './chain-zone.ts';
import { explainBreak, type Place } from './explanation.ts';
import { placeAbsences, type Placed } from './place-absences.ts';
import { RegisterLog } from './register-log.ts';
import { witnessOf } from './witness.ts';
import { Attempt } from '../attempt/attempt.ts';

/** Between two pieces of work that nobody can stop: about a millisecond. */
const perPiece = 2 ** 16;

export class RegisterJudge {
  readonly #log = new RegisterLog();
  readonly #zone: ChainZone = new ChainZone(this.#log);
  readonly #attempt = new Attempt(this.#log);

  /**
   * `initial`: the code of the initial value. The functions of what it returns are to be called before the next register
   * is judged.
   */
  *judge(place: Place, initial: number): Generator<void, Judgement> {
    const { operations, from, to } = place;
    const log = this.#log;
    log.begin(operations, from, to, initial);
    while (log.size < to - from) {
      log.add(operations, Math.min(from + log.size + perPiece, to));
      yield;
    }
    if (log.hasForeign) return { kind: 'undecided' };
    const { broken, isComplete } = yield* this.#zone.judge();
    if (broken !== undefined) {
      return { kind: 'violated', flaw: broken.kind, explain: () => explainBreak(place, this.#zone, broken) };
    }
    if (isComplete) return { kind: 'legal', witness: () => this.#witness(place, []) };
    if (this.#zone.ambiguity !== undefined) return { kind: 'undecided' };
    const placed = placeAbsences(this.#zone, witnessOf(this.#zone), operations);
    return placed === undefined
      ? { kind: 'undecided' }
      : { kind: 'legal', witness: () => this.#witness(place, placed) };
  }

  /** After `judge` has left the same register undecided: an order that comes to mind, if that will do. */
  *tryOrder({ operations: { source } }: Place): Generator<void, Judgement> {
    const log = this.#log;
    if (log.hasForeign || log.absences.length > 0 || !(yield* this.#attempt.find())) return { kind: 'undecided' };
    const sourceOf = (place: number): number => source?.[place] ?? place;
    return { kind: 'legal', witness: () => this.#attempt.order().map((operation) => sourceOf(log.from + operation)) };
  }

  #witness({ operations: { source } }: Place, placed: readonly Placed[]): number[] {
    const order = witnessOf(this.#zone);
    const places: number[] = [];
    let next = 0;
    for (let gap = 0; gap <= order.length; gap++) {
      for (; placed[next]?.gap === gap; next++) places.push((placed[next] as Placed).place);
      if (gap < order.length) places.push(this.#log.from + (order[gap] as number));
    }
    return source === undefined ? places : places.map((place) => source[place] as number);
  }
}
