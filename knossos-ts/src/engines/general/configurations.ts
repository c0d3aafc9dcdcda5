/**
 * Where a search stands just before a return event, as a record of whole numbers in typed arrays: the state; of the
 * pending mutators those that are in the order (`done`), and those that need not be there but may (`free`, rule R6);
 * of the pending read-only operations those that are in the order (`seen`); and how often each class of indeterminate
 * operations is. A configuration that has seen more, owes less and used fewer indeterminate operations can do whatever
 * another one with the same state can (rule R4), so that only the best are kept.
 */
import { hashPair } from './pair-map.ts';
import type { UsedClasses } from './used-classes.ts';

/**
 * Counts work: looks at slots, classes and remembered configurations, some tens of nanoseconds each. A step of a
 * search has no bound of its own, so that whoever runs one in slices counts this and not steps.
 */
export interface Meter {
  work: number;
}

/** A configuration that is being made. */
export interface Candidate {
  state: number;
  used: number;
  readonly done: Int32Array;
  readonly free: Int32Array;
  readonly seen: Int32Array;
  /**
   * The state before the last operation, while nothing has needed what that left behind. `hiding`: nothing has, but it
   * freed others, which a blind operation in its place would do as well. `busy`: it was needed.
   */
  idle: number;
  /** How it was reached: from where, and by which operation (its index), info class (-1 - class), or `noStep`. */
  parent: number;
  via: number;
}

export const busy: number = -1;
export const hiding: number = -2;

export const noStep: number = 0x7fffffff;

const field = { state: 0, used: 1, idle: 2, parent: 3, via: 4, level: 5, next: 6 } as const;
const fields = 7;

/** In place of a next one in the list: it is in no list any more. */
const redundant = -1;

/** Records per chunk. Chunks, because doubling one large array would need it twice at that moment. */
const chunkBits = 12;
const chunkSize = 2 ** chunkBits;

export class Configurations {
  readonly #words: { readonly mutators: number; readonly readers: number };
  readonly #absorbs: boolean;
  readonly #stride: number;
  readonly #used: UsedClasses;
  readonly #meter: Meter;
  readonly #chunks: Int32Array[] = [];
  #size = 0;
  /** The first of each list of comparable configurations, by hash; 0: none. */
  #heads = new Int32Array(64);
  #lists = 0;

  /** `absorbs`: some operation is blind, so that there are free ones. */
  constructor(
    widths: { readonly mutators: number; readonly readers: number },
    absorbs: boolean,
    used: UsedClasses,
    meter: Meter,
  ) {
    this.#words = { mutators: wordsFor(widths.mutators), readers: wordsFor(widths.readers) };
    this.#absorbs = absorbs;
    this.#stride = fields + this.#words.mutators * 2 + this.#words.readers;
    this.#used = used;
    this.#meter = meter;
  }

  get bytes(): number {
    return this.#size * this.#stride * 4 + this.#heads.byteLength;
  }

  blank(): Candidate {
    const { mutators, readers } = this.#words;
    return {
      state: 0,
      used: 0,
      done: new Int32Array(mutators),
      free: new Int32Array(mutators),
      seen: new Int32Array(readers),
      idle: busy,
      parent: -1,
      via: noStep,
    };
  }

  levelOf(configuration: number): number {
    return this.#field(configuration, field.level);
  }

  parentOf(configuration: number): number {
    return this.#field(configuration, field.parent);
  }

  viaOf(configuration: number): number {
    return this.#field(configuration, field.via);
  }

  load(configuration: number, into: Candidate): void {
    const chunk = this.#chunks[configuration >>> chunkBits] as Int32Array;
    const base = (configuration & (chunkSize - 1)) * this.#stride;
    into.state = chunk[base + field.state] as number;
    into.used = chunk[base + field.used] as number;
    into.idle = chunk[base + field.idle] as number;
    into.parent = chunk[base + field.parent] as number;
    into.via = chunk[base + field.via] as number;
    const { mutators, readers } = this.#words;
    let at = base + fields;
    for (let word = 0; word < mutators; word++) {
      into.done[word] = chunk[at] as number;
      into.free[word] = chunk[at + mutators] as number;
      at++;
    }
    at += mutators;
    for (let word = 0; word < readers; word++) into.seen[word] = chunk[at + word] as number;
  }

  /** It has seen more since it was kept. */
  storeSeen(configuration: number, seen: Int32Array): void {
    const chunk = this.#chunks[configuration >>> chunkBits] as Int32Array;
    const { mutators, readers } = this.#words;
    const base = (configuration & (chunkSize - 1)) * this.#stride + fields + 2 * mutators;
    for (let word = 0; word < readers; word++) chunk[base + word] = seen[word] as number;
  }

  /** Something that was kept later can do whatever this one can. */
  isRedundant(configuration: number): boolean {
    return this.#field(configuration, field.next) === redundant;
  }

  /** Its number; -1 when what is there already can do all that the candidate can. */
  add(candidate: Candidate, level: number): number {
    const place = this.#place(candidate, level);
    let previous = -1;
    for (let rival = this.#heads[place] as number; rival !== 0;) {
      this.#meter.work++;
      const chunk = this.#chunks[rival >>> chunkBits] as Int32Array;
      const base = (rival & (chunkSize - 1)) * this.#stride;
      const next = chunk[base + field.next] as number;
      const order = this.#compare(chunk, base, candidate);
      if (order === 'at least as good') return -1;
      if (order === 'worse') {
        if (previous === -1) this.#heads[place] = next;
        else this.#setNext(previous, next);
        chunk[base + field.next] = redundant;
      } else previous = rival;
      rival = next;
    }
    const first = this.#heads[place] as number;
    if (first === 0) this.#lists++;
    const number = this.#write(candidate, level, first);
    this.#heads[place] = number;
    if (this.#lists * 2 > this.#heads.length) this.#rehash();
    return number;
  }

  #field(configuration: number, which: number): number {
    const chunk = this.#chunks[configuration >>> chunkBits] as Int32Array;
    return chunk[(configuration & (chunkSize - 1)) * this.#stride + which] as number;
  }

  #setNext(configuration: number, next: number): void {
    const chunk = this.#chunks[configuration >>> chunkBits] as Int32Array;
    chunk[(configuration & (chunkSize - 1)) * this.#stride + field.next] = next;
  }

  #write({ state, used, idle, parent, via, done, free, seen }: Candidate, level: number, next: number): number {
    // Number 0 means none.
    const number = ++this.#size;
    this.#makeRoom(number);
    const chunk = this.#chunks[number >>> chunkBits] as Int32Array;
    const base = (number & (chunkSize - 1)) * this.#stride;
    chunk[base + field.state] = state;
    chunk[base + field.used] = used;
    chunk[base + field.idle] = idle;
    chunk[base + field.parent] = parent;
    chunk[base + field.via] = via;
    chunk[base + field.level] = level;
    chunk[base + field.next] = next;
    const { mutators, readers } = this.#words;
    let at = base + fields;
    for (let word = 0; word < mutators; word++) {
      chunk[at] = done[word] as number;
      chunk[at + mutators] = free[word] as number;
      at++;
    }
    at += mutators;
    for (let word = 0; word < readers; word++) chunk[at + word] = seen[word] as number;
    return number;
  }

  /** The first chunk begins small, because most searches are. */
  #makeRoom(number: number): void {
    const [first] = this.#chunks;
    if (first === undefined) this.#chunks.push(new Int32Array(32 * this.#stride));
    else if (number >= chunkSize) {
      if (number >>> chunkBits >= this.#chunks.length) this.#chunks.push(new Int32Array(chunkSize * this.#stride));
    } else if ((number + 1) * this.#stride > first.length) {
      const larger = new Int32Array(first.length * 2);
      larger.set(first);
      this.#chunks[0] = larger;
    }
  }

  /** How the record compares with a candidate of the same level and state. */
  #compare(chunk: Int32Array, base: number, { used, done, free, seen }: Candidate): Comparison {
    const { mutators, readers } = this.#words;
    let [better, worse] = [true, true];
    let at = base + fields;
    for (let word = 0; word < mutators && (better || worse); word++) {
      const mine = chunk[at + word] as number;
      const yours = done[word] as number;
      if (!this.#absorbs) {
        if (mine !== yours) return 'neither';
        continue;
      }
      const [myFree, yourFree] = [chunk[at + mutators + word] as number, free[word] as number];
      // Whatever is free here may be anything there; the rest must agree.
      if ((((mine ^ yours) | yourFree) & ~myFree) !== 0) better = false;
      if ((((mine ^ yours) | myFree) & ~yourFree) !== 0) worse = false;
    }
    at += mutators * 2;
    for (let word = 0; word < readers && (better || worse); word++) {
      const [mine, yours] = [chunk[at + word] as number, seen[word] as number];
      if ((yours & ~mine) !== 0) better = false;
      if ((mine & ~yours) !== 0) worse = false;
    }
    const mine = chunk[base + field.used] as number;
    if (better && this.#used.atMost(mine, used)) return 'at least as good';
    return worse && this.#used.atMost(used, mine) ? 'worse' : 'neither';
  }

  /** Where the list of all that is comparable begins, or would. */
  #place({ state, done }: Candidate, level: number): number {
    const mask = this.#heads.length - 1;
    let hash = hashPair(level, state);
    if (!this.#absorbs) for (let word = 0; word < done.length; word++) hash = hashPair(hash, done[word] as number);
    let place = hash & mask;
    for (let head = this.#heads[place] as number; head !== 0; head = this.#heads[place] as number) {
      if (this.#isComparable(head, state, done, level)) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #isComparable(configuration: number, state: number, done: Int32Array, level: number): boolean {
    const chunk = this.#chunks[configuration >>> chunkBits] as Int32Array;
    const base = (configuration & (chunkSize - 1)) * this.#stride;
    if (chunk[base + field.state] !== state || chunk[base + field.level] !== level) return false;
    if (this.#absorbs) return true;
    for (let word = 0; word < done.length; word++) if (chunk[base + fields + word] !== done[word]) return false;
    return true;
  }

  #rehash(): void {
    const old = this.#heads;
    this.#heads = new Int32Array(old.length * 2);
    const moved = this.blank();
    for (const head of old) {
      if (head === 0) continue;
      this.load(head, moved);
      this.#heads[this.#place(moved, this.levelOf(head))] = head;
    }
  }
}

type Comparison = 'at least as good' | 'worse' | 'neither';

const wordsFor = (width: number): number => Math.max(1, Math.ceil(width / 32));
