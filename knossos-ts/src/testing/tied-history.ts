/**
 * Random small histories as events, in which many share their time with others, and what brute force says of them where
 * such events are concurrent. The positions that it is given are the numbers of the ties, and owe nothing to the code
 * that is tested.
 */
import { checkSync } from '../check/check.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { pairOperations } from '../history/pair-operations.ts';
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import { models, type ModelName } from '../models/catalogue.ts';
import { must, mustBeLegalOrder } from './legal-order.ts';
import { randomHistory } from './random-history.ts';
import { below, pick, type Random } from './seeded.ts';

/** Those that are judged by each of the engines, with one key and with several. */
const tiedModels: readonly ModelName[] = ['cas-register', 'key-value', 'list-append', 'fifo-queue'];

export interface TiedHistory {
  readonly name: ModelName;
  readonly initial: Value;
  readonly events: readonly HistoryEvent[];
}

/** The operations of a random history, in the order in which they begin and end there, with times that often stand still. */
export function tiedHistory(random: Random, names: readonly ModelName[] = tiedModels): TiedHistory {
  const name = pick(random, names);
  const { initial, operations } = randomHistory(name, random);
  const [still, back] = [pick(random, [0.2, 0.5, 0.9]), pick(random, [0, 0.1])];
  const ends = operations.flatMap((operation, process) => [
    { operation, process, at: operation.called, isEnd: false },
    ...(operation.returned === Infinity ? [] : [{ operation, process, at: operation.returned, isEnd: true }]),
  ]);
  ends.sort((one, other) => one.at - other.at || Number(one.isEnd) - Number(other.isEnd));
  const events: HistoryEvent[] = [];
  let time = 0;
  for (const { operation, process, isEnd } of ends) {
    const draw = random();
    time += draw < still ? 0 : draw < still + back ? -1 : 1;
    if (below(random, 20) === 0) {
      const cut = { index: events.length, time: -1, process: 'nemesis', type: 'info', f: 'cut' } as const;
      events.push({ ...cut, key: null, value: null });
    }
    const { f, key, input, output } = operation;
    const type = isEnd ? operation.type : 'invoke';
    events.push({ index: events.length, time, process, type, f, key, value: isEnd ? output : input });
  }
  return { name, initial, events };
}

/** Each operation from the tie in which it began to that in which it ended; of one tie calls come before returns. */
export function byTies({ events }: TiedHistory): Operation[] {
  const ties = new Map<number, number>();
  let [tie, last] = [0, Number.NaN];
  for (const [place, { process, time }] of events.entries()) {
    if (process === 'nemesis') continue;
    if (time !== last) tie++;
    last = time;
    ties.set(place, tie);
  }
  return pairOperations(events).map((operation) => ({
    ...operation,
    called: 2 * (ties.get(operation.called) as number),
    returned: operation.returned === Infinity ? Infinity : 2 * (ties.get(operation.returned) as number) + 1,
  }));
}

/** One history through `check` and through brute force. Returns what became of it. @throws Error where they differ. */
export function tryTies(random: Random): string {
  const history = tiedHistory(random);
  const { name, initial, events } = history;
  const model = models[name](initial);
  const legal = hasLegalOrder(model, byTies(history));
  const shown = (): string => JSON.stringify(history);
  const { verdict, keys } = checkSync(events, { model: name, initial, witness: true });
  must(verdict.valid === legal, () => `check says ${verdict.valid}, brute force ${legal}: ${shown()}`);
  const streamed = checkSync(stream(events), { model: name, initial, witness: true });
  const same = JSON.stringify({ verdict, keys }) === JSON.stringify({ verdict: streamed.verdict, keys: streamed.keys });
  must(same, () => `it is judged otherwise where it comes event by event: ${shown()}`);
  if (verdict.valid === false) {
    const told = byTies(history).filter(({ id }) => verdict.counterexample.operations.some((one) => one.id === id));
    must(verdict.counterexample.cut !== undefined || !hasLegalOrder(model, told), () => `it is no proof: ${shown()}`);
    for (const { before, after } of verdict.counterexample.forced.filter(({ rule }) => rule === 'real-time')) {
      const find = (id: number): Operation => told.find((one) => one.id === id) as Operation;
      must(find(before).returned < find(after).called, () => `${before} need not be before ${after}: ${shown()}`);
    }
  } else if (verdict.valid === true && keys.length === 1 && verdict.witness !== undefined) {
    const all = byTies(history);
    const order = verdict.witness.map((id) => all.find((one) => one.id === id) as Operation);
    mustBeLegalOrder(model, all, order);
  }
  const strict = hasLegalOrder(model, pairOperations(events));
  return legal === strict ? (legal ? 'legal' : 'illegal') : 'legal by ties';
}

function* stream(events: readonly HistoryEvent[]): Generator<HistoryEvent> {
  for (const event of events) yield structuredClone(event);
}
