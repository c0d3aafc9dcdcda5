/** Who wrote which value: the basis of "reads from", for as long as an observed value has one possible writer. */
import type { Operation, Value } from '../../history/operation.ts';
import { showKey, showValue, valueKey, type ValueKey } from '../../history/value.ts';
import { impossible, Finding, type Draft } from './draft.ts';
import { initially } from './history-index.ts';

const several = -3;

export class Producers {
  readonly #byKey: Map<ValueKey, number>[] = [];
  readonly #initial: ValueKey | undefined;
  readonly #drafts: readonly Draft[];
  readonly #failed: readonly Operation[];

  /** `initial` is undefined for lists, which begin empty. `failed` are there for the sentence about a thin-air read. */
  constructor(drafts: readonly Draft[], initial: Value | undefined, failed: readonly Operation[]) {
    this.#drafts = drafts;
    this.#failed = failed;
    this.#initial = initial === undefined ? undefined : valueKey(initial);
    drafts.forEach(({ key, produced }, number) => {
      if (produced === undefined) return;
      const values = (this.#byKey[key] ??= new Map<ValueKey, number>());
      const value = valueKey(produced);
      values.set(value, values.has(value) ? several : number);
    });
  }

  /**
   * The number of the draft that wrote the value, or `initially`.
   * @throws Finding when nobody wrote it, or nobody knows who did.
   */
  of(observer: Draft, value: Value): number {
    const found = this.#find(observer.key, value);
    if (found !== undefined && found !== several) return found;
    if (found === several) throw new Finding({ kind: 'ambiguous', detail: this.#ambiguity(observer, value) });
    throw this.#thinAir(observer, value);
  }

  /** Undefined when nobody wrote it. */
  #find(key: number, value: Value): number | undefined {
    const name = valueKey(value);
    const written = this.#byKey[key]?.get(name);
    if (name !== this.#initial) return written;
    return written === undefined ? initially : several;
  }

  #ambiguity({ operation }: Draft, value: Value): string {
    return `process ${operation.process} observed ${showValue(value)} on key ${showKey(operation.key)}, which more than one operation may have written; these models are decided for histories in which each observed value has one possible writer`;
  }

  #thinAir({ operation, key }: Draft, value: Value): Finding {
    const name = valueKey(value);
    const sameKey = this.#drafts.find((draft) => draft.key === key)?.operation.key ?? operation.key;
    const failed = this.#failed.find(
      (other) => valueKey(other.key) === valueKey(sameKey) && writtenBy(other).some((one) => valueKey(one) === name),
    );
    const saw = `Process ${operation.process} observed ${showValue(value)} on key ${showKey(operation.key)}`;
    if (failed === undefined) {
      return impossible('thin-air', operation, [], `${saw}, which nothing ever wrote there.`);
    }
    const sentence = `${saw}, which only process ${failed.process} tried to write, and that surely failed.`;
    return impossible('thin-air', operation, [failed], sentence);
  }
}

function writtenBy({ f, input }: Operation): Value[] {
  if (f === 'write' || f === 'append') return [input];
  return f === 'cas' ? [(input as readonly Value[])[1] ?? null] : [];
}
