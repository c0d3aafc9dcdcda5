/** The longest legal order as cards to step through. Equal reads in a row are one step: they teach nothing one by one. */
import type { Counterexample, Operation } from 'knossos-ts';
import { call, clip, printable, shownKey } from '../wording.ts';
import { functionClass } from './marks.ts';

export interface OrderCard {
  /** The ids of the operations that this step places; of the impossible one in the last card. */
  readonly operations: readonly number[];
  readonly who: string;
  readonly what: string;
  readonly state: string;
  readonly colour: string;
  /** One sentence for this step. */
  readonly told: string;
  /** How many operations come before the first card and are not shown. */
  readonly skipped: number;
}

const mostCards = 40;

interface Step {
  readonly operations: readonly Operation[];
  readonly state: string;
}

export function orderCards(counterexample: Counterexample): readonly OrderCard[] {
  const byId = new Map(counterexample.operations.map((operation) => [operation.id, operation]));
  const steps = stepsOf(counterexample, byId);
  const cards: OrderCard[] = [];
  const shown = steps.slice(-mostCards);
  const skipped = steps.slice(0, -mostCards).reduce((sum, { operations }) => sum + operations.length, 0);
  let placed = skipped;
  for (const { operations, state } of shown) {
    const [first] = operations as readonly [Operation, ...Operation[]];
    const from = placed + 1;
    placed += operations.length;
    const several = operations.length > 1;
    const what = call(first, 24);
    const key = shownKey(counterexample.key, 24);
    cards.push({
      operations: operations.map(({ id }) => id),
      who: several ? `${from} to ${placed}` : `${from} · process ${first.process}`,
      what: several ? `${what} ×${operations.length}` : what,
      state: `state ${clip(printable(state), 40)}`,
      colour: functionClass(first.f),
      told: `${several ? `${operations.length} times` : `Process ${first.process}:`} ${what}. Then key ${key} holds ${clip(printable(state), 80)}.`,
      skipped,
    });
  }
  return [...cards, lastCard(counterexample, byId, steps.at(-1)?.state)];
}

function stepsOf({ order }: Counterexample, byId: ReadonlyMap<number, Operation>): readonly Step[] {
  const steps: Step[] = [];
  for (const { operation: id, state } of order) {
    const operation = byId.get(id);
    if (operation === undefined) continue;
    const last = steps.at(-1);
    const alike = last?.operations[0];
    const repeats =
      operation.f === 'read' && alike?.f === 'read' && last?.state === state && call(alike) === call(operation);
    if (last !== undefined && repeats) steps[steps.length - 1] = { state, operations: [...last.operations, operation] };
    else steps.push({ state, operations: [operation] });
  }
  return steps;
}

function lastCard(
  { rejected, impossible }: Counterexample,
  byId: ReadonlyMap<number, Operation>,
  state: string | undefined,
): OrderCard {
  const operation = byId.get(rejected.operation) ?? byId.get(impossible);
  return {
    operations: [rejected.operation],
    who: operation === undefined ? '✗' : `✗ process ${operation.process}`,
    what: operation === undefined ? 'the next one' : call(operation, 24),
    state: state === undefined ? 'no legal start' : `the state is ${clip(printable(state), 40)}`,
    colour: 'dead',
    told: `Stuck: ${clip(rejected.why, 400).replace(/[.]?$/, '.')}`,
    skipped: 0,
  };
}
