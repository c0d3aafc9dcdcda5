/**
 * Which engine judges which key. Registers go to chain-zone and lists to the sweep of their levels, which take hardly
 * longer than reading the history does. What they leave undecided, because values are not unique or because operations
 * saw only that a value was absent, and every other model is searched. The engines that rely on structure run in the
 * calling thread: handing them to another would cost more than they take.
 */
import type { Place } from '../engines/chain-zone/explanation.ts';
import { grouped, type Grouped } from '../engines/chain-zone/grouped.ts';
import { RegisterJudge } from '../engines/chain-zone/judge.ts';
import { RegisterColumns, registerFunctions } from '../engines/chain-zone/register-columns.ts';
import type { Judgement } from '../engines/judgement.ts';
import { judgeListAppend } from '../engines/list-append/judge.ts';
import { ListColumns } from '../engines/list-append/list-columns.ts';
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import type { Timing } from '../intake/event-columns.ts';
import { modelNamed, type ModelName } from '../models/catalogue.ts';
import type { Model } from '../models/model.ts';
import { partition } from '../models/parts.ts';
import type { EngineName, Verdict } from '../verdict.ts';
import { ready, type KeyHistory } from './key-history.ts';
import { Reading } from './reading.ts';

export interface Decision {
  readonly verdict: Verdict;
  /** Undefined where none had begun. */
  readonly engine: EngineName | undefined;
}

export interface RouterOptions {
  readonly model: ModelName;
  readonly initial: Value;
  readonly wantsWitness: boolean;
  readonly timing: Timing;
}

export class Router {
  readonly reading: Reading;
  readonly model: Model<unknown>;
  /** By the place of the key; undefined for those that are to be searched, or were not come to. */
  readonly decisions: (Decision | undefined)[] = [];
  readonly #options: RouterOptions;
  readonly #columns: RegisterColumns | ListColumns | undefined;
  #keys: readonly KeyHistory[] | undefined;

  /** @throws Error when the initial value is not one of the model. */
  constructor(history: Iterable<HistoryEvent> | undefined, options: RouterOptions) {
    this.#options = options;
    this.model = modelNamed(options.model, options.initial);
    const functions = registerFunctions[options.model];
    const expected = Array.isArray(history) ? history.length / 2 : undefined;
    if (functions !== undefined) this.#columns = new RegisterColumns(functions, expected);
    else if (options.model === 'list-append') this.#columns = new ListColumns(expected);
    this.reading = new Reading(history, options.timing, this.#columns);
  }

  /** What is judged apart: keys, or several that transactions tie together. */
  get keys(): readonly KeyHistory[] {
    return this.#keys ?? this.reading.keys;
  }

  /** After the reading. Yields after each piece of work. */
  *judge(): Generator<void> {
    const columns = this.#columns;
    if (this.model.partsOf !== undefined && this.#hasTransactions()) yield* this.#tie();
    else if (columns instanceof RegisterColumns) yield* this.#judgeRegisters(columns);
    else if (columns !== undefined) yield* this.#judgeLists(columns);
  }

  #hasTransactions(): boolean {
    return this.reading.columns.has('txn');
  }

  /** Keys that have transactions in common are one. */
  *#tie(): Generator<void> {
    const { columns } = this.reading;
    const operations: Operation[] = [];
    for (let number = 0; number < columns.size; number++) {
      operations.push(columns.operation(number));
      if (number % 2_000 === 0) yield;
    }
    this.#keys = partition(this.model, operations).map((part) => ready(part.key, part.operations));
  }

  *#judgeRegisters(columns: RegisterColumns): Generator<void> {
    const { columns: events, partition: parts } = this.reading;
    const operations = grouped(columns, events, parts);
    yield;
    const judge = new RegisterJudge();
    for (const [number, { key, size }] of this.keys.entries()) {
      const place = this.#place(operations, parts.starts[number] as number, size, key);
      if (place === undefined) continue;
      const judgement = judge.judge(place, columns.codes.codeOf(place.model.init));
      yield* this.#decide(number, 'chain-zone', judgement);
      if (this.decisions[number] === undefined) yield* this.#decide(number, 'search', judge.tryOrder(place));
    }
  }

  /** Undefined where the key is no register. */
  #place(operations: Grouped, from: number, size: number, key: Value): Place | undefined {
    const operation = (number: number): Operation => this.reading.columns.operation(number);
    const first = operations.source?.[from] ?? from;
    const model = this.model.isRegister === true ? this.model : this.model.narrowed?.([operation(first)]);
    if (model?.isRegister !== true) return undefined;
    return { model: model as Model<Value>, key, operations, from, to: from + size, operation };
  }

  *#judgeLists(columns: ListColumns): Generator<void> {
    const { columns: events, partition: parts } = this.reading;
    const { called, returned } = events;
    const initial = (this.#options.initial ?? []) as readonly Value[];
    const codes = initial.map((value) => columns.codes.codeOf(value));
    const members = parts.members ?? Int32Array.from(called.keys());
    for (const [number, { key, size }] of this.keys.entries()) {
      const from = parts.starts[number] as number;
      const history = {
        columns,
        called,
        returned,
        members: members.subarray(from, from + size),
        initial: codes,
      };
      const operation = (one: number): Operation => events.operation(one);
      const judgement = judgeListAppend({ model: this.model, key, initial, history, operation });
      yield* this.#decide(number, 'list-append', judgement);
    }
  }

  *#decide(number: number, engine: EngineName, judgement: Generator<void, Judgement>): Generator<void> {
    try {
      const found = yield* judgement;
      const verdict = this.#verdictOf(found);
      if (verdict !== undefined) this.decisions[number] = { verdict, engine };
    } catch {
      // What an engine cannot take is searched, and then whatever is wrong with it is said there.
    }
    yield;
  }

  #verdictOf(judgement: Judgement): Verdict | undefined {
    if (judgement.kind === 'undecided') return undefined;
    if (judgement.kind === 'violated') return { valid: false, counterexample: judgement.explain() };
    if (!this.#options.wantsWitness) return { valid: true };
    const { columns } = this.reading;
    return { valid: true, witness: judgement.witness().map((number) => columns.idOf(number)) };
  }
}
