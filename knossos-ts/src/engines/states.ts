/** Gives each state of a model a small number, so that a configuration is a few numbers. */
import type { Operation } from '../history/operation.ts';
import type { ValueKey } from '../history/value.ts';
import { Rejection, type Model } from '../models/model.ts';

export class States {
  readonly #model: Model<unknown>;
  readonly #operations: readonly Operation[];
  readonly #states: unknown[] = [];
  readonly #numbers = new Map<ValueKey, number>();
  readonly initial: number;

  constructor(model: Model<unknown>, operations: readonly Operation[]) {
    this.#model = model;
    this.#operations = operations;
    this.initial = this.#number(model.init);
  }

  /** The state after the operation; -1 when it cannot happen in this one. */
  after(state: number, operation: number): number {
    const next = this.#model.step(this.#states[state], this.#operations[operation] as Operation);
    return next instanceof Rejection ? -1 : this.#number(next);
  }

  allows(state: number, operation: number): boolean {
    return !(this.#model.step(this.#states[state], this.#operations[operation] as Operation) instanceof Rejection);
  }

  /** May the operation follow the mutator at once? Undefined where the model does not tell. */
  canFollow(mutator: number, operation: number): boolean | undefined {
    if (this.#model.overwrites !== true || this.#model.leaves === undefined) return undefined;
    const left = this.#model.leaves(this.#operations[mutator] as Operation);
    return !(this.#model.step(left, this.#operations[operation] as Operation) instanceof Rejection);
  }

  #number(state: unknown): number {
    const key = this.#model.key(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#states.length);
    return this.#states.push(state) - 1;
  }
}
