/**
 * Gives each state of a model a small number, and remembers what each effect makes of it: the model, which knows
 * values and lists, is asked once, and the search works with numbers.
 */
import type { Operation } from '../../history/operation.ts';
import type { ValueKey } from '../../history/value.ts';
import { Rejection, type Model, type Outlook } from '../../models/model.ts';
import type { Meter } from './configurations.ts';
import { PairMap } from './pair-map.ts';

export class States {
  readonly #model: Model<unknown>;
  /** By effect: an operation that has it. */
  readonly #examples: readonly Operation[];
  readonly #outlook: Outlook<unknown> | undefined;
  /** What is charged for asking the model; whoever asks sets it. */
  meter: Meter = { work: 0 };
  readonly #states: unknown[] = [];
  /** By state: what a look at it is charged. */
  readonly #sizes: number[] = [];
  readonly #numbers = new Map<ValueKey, number>();
  readonly #after = new PairMap();
  /** By effect: the state that it leaves, where mutators overwrite; -1 where that was not asked yet. */
  readonly #left: Int32Array;
  readonly initial: number;

  /** Of what the outlook rules out none is ever reached, and of what it takes for the same only one. */
  constructor(model: Model<unknown>, examples: readonly Operation[], outlook?: Outlook<unknown>) {
    this.#outlook = outlook;
    this.#model = model;
    this.#examples = examples;
    this.#left = new Int32Array(examples.length).fill(-1);
    this.initial = this.#number(model.init);
  }

  /** How many states it has met, and how many steps it remembers. */
  get bytes(): number {
    return this.#states.length * 200 + this.#after.bytes;
  }

  /** The state after the effect; -1 when that cannot happen in this one. */
  after(state: number, effect: number): number {
    const known = this.#after.get(state, effect);
    if (known !== undefined) return known;
    // A large state costs more.
    this.meter.work += this.#sizes[state] as number;
    const [before, operation] = [this.#states[state], this.#examples[effect] as Operation];
    const next = this.#outlook?.after?.(before, operation) ?? this.#model.step(before, operation);
    const number = next instanceof Rejection ? -1 : this.#viableNumber(next);
    this.#after.set(state, effect, number);
    return number;
  }

  allows(state: number, effect: number): boolean {
    return this.after(state, effect) >= 0;
  }

  /** May the effect follow the mutator at once? True where the model does not tell. */
  canFollow(mutator: number, effect: number): boolean {
    const left = this.leftBy(mutator);
    return left === undefined || this.allows(left, effect);
  }

  /** The state that the mutator leaves, whatever was there before; undefined where the model does not tell. */
  leftBy(mutator: number): number | undefined {
    if (this.#model.overwrites !== true || this.#model.leaves === undefined) return undefined;
    const known = this.#left[mutator] as number;
    if (known >= 0) return known;
    const left = this.#number(this.#model.leaves(this.#examples[mutator] as Operation));
    this.#left[mutator] = left;
    return left;
  }

  #viableNumber(state: unknown): number {
    const key = this.#model.key(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#outlook?.isViable?.(state) === false) return -1;
    return this.#number(this.#outlook?.simplest?.(state) ?? state);
  }

  #number(state: unknown): number {
    const key = this.#model.key(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#states.length);
    this.#sizes.push(typeof key === 'string' ? key.length >>> 2 : 0);
    return this.#states.push(state) - 1;
  }
}
