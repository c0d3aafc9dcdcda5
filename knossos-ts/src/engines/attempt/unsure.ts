/**
 * The operations of unknown outcome of one register, in classes: those that need and leave the same are interchangeable
 * once they are called. Only of values that somebody met: the others explain nothing.
 */
import { cellsOf } from '../../intake/cells.ts';
import { absent, never, type RegisterLog } from '../chain-zone/register-log.ts';

/** How many classes there may be, until something else should look at it: of one value, and in all. */
const mostClasses = { ofOneValue: 64, inAll: 1_000 };
/** Between two pieces of work that nobody can stop: about a millisecond. */
const perPiece = 2 ** 14;

export class Unsure {
  /** By operation of unknown outcome: its class; `absent` where it explains nothing. */
  classOf: Int32Array = new Int32Array(0);
  /** By value: a class that leaves it. */
  first: Int32Array = new Int32Array(0);
  /** By class: another one that leaves the same value, and the value that it needs. */
  readonly next: number[] = [];
  readonly observed: number[] = [];
  readonly produced: number[] = [];
  /** How many members of it were called, and how many of these are in the order: the first ones. */
  readonly called: number[] = [];
  readonly used: number[] = [];
  /** The members of each class, by invocation. */
  readonly members: number[][] = [];
  /** By value: somebody met it. */
  isMet: Uint8Array = new Uint8Array(0);

  /** False when there are too many classes. Yields after each piece of work. */
  *classify({ size, values, returned, observed, produced }: RegisterLog): Generator<void, boolean> {
    if (this.classOf.length < size) this.classOf = cellsOf(size);
    if (this.first.length < values) {
      this.first = cellsOf(values);
      this.isMet = new Uint8Array(values);
    }
    this.first.fill(absent, 0, values);
    this.isMet.fill(0, 0, values);
    for (const list of [this.next, this.observed, this.produced, this.called, this.used, this.members]) list.length = 0;
    for (let operation = 0; operation < size; operation++) {
      if ((observed[operation] as number) >= 0) this.isMet[observed[operation] as number] = 1;
    }
    for (let operation = 0; operation < size; operation++) {
      if (operation % perPiece === perPiece - 1) yield;
      if (returned[operation] !== never) continue;
      const [met, left] = [observed[operation] as number, produced[operation] as number];
      const kind = this.isMet[left] === 1 ? this.#classFor(met, left) : absent;
      if (kind === undefined) return false;
      this.classOf[operation] = kind;
      if (kind !== absent) (this.members[kind] as number[]).push(operation);
    }
    return true;
  }

  #classFor(met: number, left: number): number | undefined {
    let kind = this.first[left] as number;
    for (let looked = 0; kind !== absent; kind = this.next[kind] as number) {
      if (this.observed[kind] === met) return kind;
      if (++looked === mostClasses.ofOneValue) return undefined;
    }
    if (this.next.length === mostClasses.inAll) return undefined;
    kind = this.next.push(this.first[left] as number) - 1;
    this.first[left] = kind;
    this.observed.push(met);
    this.produced.push(left);
    this.called.push(0);
    this.used.push(0);
    this.members.push([]);
    return kind;
  }

  /** A class that leaves this value, can be next where the value is `state`, and has a member left; or `absent`. */
  leaving(value: number, state: number): number {
    for (let kind = this.first[value] as number; kind !== absent; kind = this.next[kind] as number) {
      if (this.isLeft(kind) && (this.observed[kind] === absent || this.observed[kind] === state)) return kind;
    }
    return absent;
  }

  /** Has a class that leaves this value a member left? */
  isAnyLeaving(value: number): boolean {
    for (let kind = this.first[value] as number; kind !== absent; kind = this.next[kind] as number) {
      if (this.isLeft(kind)) return true;
    }
    return false;
  }

  /** Has a class a member left that makes this value of that one? */
  canLead(from: number, to: number): boolean {
    for (let kind = this.first[to] as number; kind !== absent; kind = this.next[kind] as number) {
      if (this.observed[kind] === from && this.isLeft(kind)) return true;
    }
    return false;
  }

  isLeft(kind: number): boolean {
    return (this.called[kind] as number) > (this.used[kind] as number);
  }
}
