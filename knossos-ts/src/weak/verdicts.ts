/** Verdicts with all that follows from them. */
import { consistencyModels, weakerThan, type ConsistencyModel } from './models.ts';
import type { ModelVerdict } from './verdict.ts';

export class Verdicts {
  readonly #verdicts = new Map<ConsistencyModel, ModelVerdict>();

  has(model: ConsistencyModel): boolean {
    return this.#verdicts.has(model);
  }

  get(model: ConsistencyModel): ModelVerdict | undefined {
    return this.#verdicts.get(model);
  }

  /** By itself, with nothing that follows from it. */
  put(model: ConsistencyModel, verdict: ModelVerdict): void {
    this.#verdicts.set(model, verdict);
  }

  /** What holds makes everything weaker hold, what is broken breaks everything stronger; an unknown is overruled. */
  set(model: ConsistencyModel, verdict: ModelVerdict): void {
    this.#verdicts.set(model, verdict);
    if (verdict.valid === 'unknown') return;
    for (const other of consistencyModels) {
      const follows = verdict.valid ? weakerThan(model).has(other) : weakerThan(other).has(model);
      const known = this.#verdicts.get(other);
      if (!follows || (known !== undefined && known.valid !== 'unknown')) continue;
      this.#verdicts.set(other, { ...verdict, impliedBy: verdict.impliedBy ?? model });
    }
  }

  /** Of some broken models those that imply no other of them. */
  weakestBroken(broken: readonly ConsistencyModel[]): ConsistencyModel[] {
    return broken.filter((model) => !broken.some((other) => weakerThan(model).has(other)));
  }
}
