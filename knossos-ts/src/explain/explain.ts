/** Makes the story of a violated key: few operations, one sentence, and why no other order would do. */
import { searchFor } from '../engines/search.ts';
import type { Operation, Value } from '../history/operation.ts';
import { showKey } from '../history/value.ts';
import { Rejection, type Model, type Words } from '../models/model.ts';
import type { Counterexample, OrderStep } from '../verdict.ts';
import { alternativesOf } from './alternatives.ts';
import { bruteForceLimit, hasLegalOrder } from './brute-force.ts';
import { Evidence } from './evidence.ts';
import type { Flaw } from './flaws/flaw.ts';
import { isRefuted } from './flaws/queue-verifier.ts';
import { forcedOrders } from './forced.ts';
import { legalOrders } from './orders.ts';
import { deed, place } from './phrases.ts';
import { inPieces } from './pieces.ts';
import { shrink } from './shrink.ts';
import { tell } from './story.ts';
import { count, counted } from './words.ts';

/**
 * `at`: no order of what was called before it returned is legal. `onSmaller` is told by and by which operations have
 * no legal order as they are. Yields after each bounded piece of work.
 */
export function* explain(
  model: Model<unknown>,
  key: Value,
  history: readonly Operation[],
  at: Operation,
  onSmaller: (operations: readonly Operation[]) => void = () => {},
): Generator<void, Counterexample> {
  const kept = yield* shrink(model, history, at, onSmaller);
  const operations = kept.toSorted((one, other) => one.called - other.called || one.id - other.id);
  const search = searchFor(model, operations);
  const result = yield* inPieces(search, workOfSearch);
  const last = result?.legal === false ? result.at : at;
  const evidence = model.isRegister === true ? new Evidence(model.init as Value, history, operations) : undefined;
  const story = evidence === undefined ? undefined : tell(evidence, operations, last);
  const orders = legalOrders(model, operations, story?.subject ?? last);
  const impossible = orders?.longest.refused ?? last;
  const found = orders?.longest.operations ?? search.order(workOfSearch) ?? [];
  const order = stepsOf(model, found);
  const ends = { length: order.length, state: order.at(-1)?.state };
  return {
    key,
    sentence: story?.sentence ?? plainSentence(model, key, operations, ends, impossible),
    operations,
    impossible: impossible.id,
    order,
    rejected: { operation: impossible.id, why: orders?.longest.why ?? whyRejected(model, found, impossible) },
    forced: forcedOrders(evidence, operations, model.words),
    alternatives: orders === undefined ? [] : alternativesOf(orders, operations, model.words),
    verified: operations.length <= bruteForceLimit && !hasLegalOrder(model, operations),
  };
}

const workOfSearch = 1_000_000;

/** The story of what was seen without a search. `history`: everything about the key. */
export function explainFlaw(
  model: Model<unknown>,
  key: Value,
  flaw: Flaw,
  history: readonly Operation[],
): Counterexample {
  const operations = flaw.operations.toSorted((one, other) => one.called - other.called || one.id - other.id);
  const orders = legalOrders(model, operations, flaw.subject);
  const impossible = orders?.longest.refused ?? flaw.subject;
  return {
    key,
    sentence: flaw.sentence,
    operations,
    impossible: impossible.id,
    order: stepsOf(model, orders?.longest.operations ?? []),
    rejected: { operation: impossible.id, why: orders?.longest.why ?? noWay },
    forced: forcedOrders(undefined, operations, model.words),
    alternatives: orders === undefined ? [] : alternativesOf(orders, operations, model.words),
    verified:
      operations.length <= bruteForceLimit
        ? !hasLegalOrder(model, operations)
        : isRefuted(model, operations, flaw.subject, history),
  };
}

/**
 * What can be said at once: the whole history of the key up to the point where every order fails. `order` is the
 * longest legal one, where there was time to make it.
 */
export function bareCounterexample(
  model: Model<unknown>,
  key: Value,
  history: readonly Operation[],
  at: Operation,
  order: readonly Operation[] | undefined,
): Counterexample {
  const operations = history.filter(({ type, called }) => type !== 'fail' && called <= at.returned);
  const steps = stepsOf(model, order ?? []);
  const ends = order === undefined ? undefined : { length: steps.length, state: steps.at(-1)?.state };
  return {
    key,
    sentence: plainSentence(model, key, operations, ends, at),
    operations,
    impossible: at.id,
    order: steps,
    rejected: { operation: at.id, why: order === undefined ? noWay : whyRejected(model, order, at) },
    forced: [],
    alternatives: [],
    verified: false,
  };
}

const noWay = 'every way to let it happen ends here';

/** `ends`: how long the longest legal order is, and the state after it; undefined where nobody looked for it. */
function plainSentence(
  model: Model<unknown>,
  key: Value,
  operations: readonly Operation[],
  ends: { readonly length: number; readonly state: string | undefined } | undefined,
  impossible: Operation,
): string {
  const named = key === null ? '' : ` on key ${showKey(key)}`;
  const these = operations.length <= bruteForceLimit ? 'these ' : '';
  const who = `process ${impossible.process}`;
  if (operations.length === 1) {
    const alone = `Nothing explains what the only operation${named} saw`;
    if (ends === undefined) return `${alone}: ${who} cannot have ${perfect(impossible, model.words)}.`;
    const held = model.describe(model.init);
    return `${alone}: at the beginning the ${model.words?.state ?? 'value'} is ${held}, and ${who} cannot have ${perfect(impossible, model.words)}.`;
  }
  const none = `No order of ${these}${counted(operations.length, 'operation')}${named} explains what they saw`;
  if (ends === undefined) return `${none} by the time ${who} ${deed(impossible, model.words)}.`;
  const state = ends.state ?? model.describe(model.init);
  return `${none}: the longest that was found holds ${count(ends.length)}, and then the ${model.words?.state ?? 'value'} is ${state} and ${who} cannot have ${perfect(impossible, model.words)}.`;
}

/** The words of `deed` after "cannot have": all its verbs but two look the same there. */
const perfect = (operation: Operation, words: Words | undefined): string =>
  words?.perfect?.(operation, place(operation)) ??
  deed(operation, words)
    .replace(/^was /, 'been ')
    .replace(/^wrote /, 'written ');

function stepsOf(model: Model<unknown>, order: readonly Operation[]): OrderStep[] {
  let state = model.init;
  return order.map((operation) => {
    const next = model.step(state, operation);
    if (!(next instanceof Rejection)) state = next;
    return { operation: operation.id, state: model.describe(state) };
  });
}

function whyRejected(model: Model<unknown>, order: readonly Operation[], impossible: Operation): string {
  let state = model.init;
  for (const operation of order) {
    const next = model.step(state, operation);
    if (!(next instanceof Rejection)) state = next;
  }
  const last = model.step(state, impossible);
  return last instanceof Rejection ? last.reason : noWay;
}
