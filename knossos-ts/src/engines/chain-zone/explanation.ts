/** From a break in the log to a counterexample to read. */
import { alternativesOf } from '../../explain/alternatives.ts';
import { bruteForceLimit, hasLegalOrder } from '../../explain/brute-force.ts';
import { Evidence } from '../../explain/evidence.ts';
import { forcedOrders } from '../../explain/forced.ts';
import { legalOrders } from '../../explain/orders.ts';
import { tell } from '../../explain/story.ts';
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue } from '../../history/value.ts';
import { IntTable, none } from '../../intake/int-table.ts';
import { noValue } from '../../intake/value-codes.ts';
import { Rejection, type Model } from '../../models/model.ts';
import { attemptedValue, expectedValue, producedValue, refusal } from '../../models/register-values.ts';
import type { Counterexample, OrderStep } from '../../verdict.ts';
import type { Break } from './break.ts';
import { certificateOf, type Certificate } from './certificate.ts';
import type { ChainZone } from './chain-zone.ts';
import type { Grouped } from './grouped.ts';
import { longestOrder } from './longest-order.ts';
import { Kind } from './register-columns.ts';
import { absent } from './register-log.ts';
import { alternativesInWords, sentenceOf, type Tale } from './tale.ts';
import { holds } from './verify.ts';

/** One register of the history, and what is needed to look at its operations. */
export interface Place {
  readonly model: Model<Value>;
  readonly key: Value;
  readonly operations: Grouped;
  readonly from: number;
  readonly to: number;
  /** The operation with this number, as an object. */
  readonly operation: (number: number) => Operation;
}

/** Where the operations of a proof are in the columns. */
interface Places {
  readonly places: readonly number[];
  readonly cut: ReadonlySet<number>;
}

export function explainBreak(asked: Place, zone: ChainZone, broken: Break): Counterexample {
  const place = remembering(asked);
  const at = (index: number): Operation => objectAt(place, index);
  if (broken.kind === 'contradiction') {
    const only = zone.log.contradiction;
    // By itself: what it met does not matter.
    const tale: Tale = { kind: 'contradiction', accused: at(only), operations: [at(only)], cut: new Set(), pivots: [] };
    return counterexampleOf(place, tale, { places: [only], cut: new Set([only]) });
  }
  const certificate = certificateOf(zone, broken);
  const object = (operation: number): Operation => at(zone.log.from + operation);
  const tale = taleOf(certificate, object);
  const placeOf = (operation: number): number => zone.log.from + operation;
  const places = certificate.operations.map(placeOf);
  return counterexampleOf(place, tale, { places, cut: new Set(certificate.cut.map(placeOf)) });
}

function taleOf(certificate: Certificate, object: (operation: number) => Operation): Tale {
  return {
    kind: certificate.kind,
    operations: certificate.operations
      .map(object)
      .toSorted((one, other) => one.called - other.called || one.id - other.id),
    accused: object(certificate.accused),
    cut: new Set(certificate.cut.map(object)),
    pivots: certificate.pivots.map((operation) => (operation === absent ? undefined : object(operation))),
  };
}

/** Operations are compared as objects: each is made once. */
function remembering(place: Place): Place {
  const made = new Map<number, Operation>();
  const operation = (number: number): Operation => {
    const known = made.get(number) ?? place.operation(number);
    made.set(number, known);
    return known;
  };
  return { ...place, operation };
}

const objectAt = ({ operations, operation }: Place, place: number): Operation =>
  operation(operations.source === undefined ? place : (operations.source[place] as number));

function counterexampleOf(place: Place, tale: Tale, where: Places): Counterexample {
  const { model, key } = place;
  const codes = codesAt(place, where.places);
  const evidence = new Evidence(model.init, related(place, tale, codes), tale.operations);
  const weak = new Map(
    tale.operations.map((operation) => [operation, tale.cut.has(operation) ? asWrite(operation) : operation]),
  );
  const operations = [...weak.values()];
  const accused = weak.get(tale.accused) as Operation;
  const story = tell(evidence, tale.operations, tale.accused);
  const orders = legalOrders(model, operations, weak.get(story?.subject ?? accused) ?? accused);
  const found = orders?.longest ?? longestOrder(model, operations, accused);
  const isShort = operations.length <= bruteForceLimit;
  return {
    key,
    sentence: story?.sentence ?? sentenceOf(tale),
    operations: tale.operations,
    impossible: found.refused.id,
    order: stepsOf(model, found.operations),
    rejected: { operation: found.refused.id, why: found.why },
    forced: forcedOrders(evidence, tale.operations),
    alternatives: orders === undefined ? alternativesInWords(tale) : alternativesOf(orders, operations),
    verified: isShort
      ? !hasLegalOrder(model, operations) && isMadeOnce(place, where)
      : isMadeOnce(place, where) && holdsAgain(model, tale, weak),
    ...(tale.cut.size === 0 ? {} : { cut: [...tale.cut].map(({ id }) => id) }),
  };
}

function holdsAgain(model: Model<Value>, { kind, pivots }: Tale, weak: ReadonlyMap<Operation, Operation>): boolean {
  const pivot = (operation: Operation | undefined): Operation | undefined => operation && weak.get(operation);
  return holds({ kind, operations: [...weak.values()], pivots: pivots.map(pivot), initial: model.init });
}

/** A cas that may happen whatever the value is. */
const asWrite = (cas: Operation): Operation => ({
  ...cas,
  f: 'write',
  input: attemptedValue(cas) ?? null,
  output: null,
});

/** The values of these operations, as codes. Each is made once by the operations of the proof, or met by one of them. */
function codesAt({ operations: { observed, produced } }: Place, places: readonly number[]): IntTable {
  const codes = new IntTable(places.length * 2);
  for (const place of places) {
    for (const code of [observed[place] as number, produced[place] as number]) if (code !== noValue) codes.set(code, 1);
  }
  return codes;
}

/** Whatever has to do with the values of the story, refused and failed attempts included. */
function related(place: Place, tale: Tale, codes: IntTable): Operation[] {
  const { observed, produced } = place.operations;
  // Why a cas was refused by what it expected depends on everything that can have changed it.
  const all = tale.operations.some((operation) => {
    const expected = refusal(operation) === undefined ? undefined : expectedValue(operation);
    return expected !== undefined && tale.operations.some((other) => isMadeBy(other, expected));
  });
  const found: Operation[] = [];
  for (let at = place.from; at < place.to; at++) {
    if (all || codes.get(observed[at] as number) !== none || codes.get(produced[at] as number) !== none) {
      found.push(objectAt(place, at));
    }
  }
  return found;
}

/** Whatever these operations met, but for those that were cut, was made by one of them, if at all, and by nobody else in the history of the key. */
function isMadeOnce({ operations: { observed, produced, kind }, from, to }: Place, { places, cut }: Places): boolean {
  const met = new IntTable();
  const meeting = places.filter((place) => observed[place] !== noValue && !cut.has(place));
  for (const place of meeting) met.set(observed[place] as number, 0);
  const count = (place: number, by: number): void => {
    if ((kind[place] as number) >= Kind.dropped || kind[place] === Kind.observer) return;
    const code = produced[place] as number;
    const so = code === noValue ? none : met.get(code);
    if (so !== none) met.set(code, so + by);
  };
  for (let at = from; at < to; at++) count(at, 1);
  for (const place of places) count(place, -1);
  return meeting.every((place) => met.get(observed[place] as number) === 0);
}

function isMadeBy(operation: Operation, value: Value): boolean {
  const made = producedValue(operation);
  return made !== undefined && sameValue(made, value);
}

function stepsOf(model: Model<Value>, order: readonly Operation[]): OrderStep[] {
  let state = model.init;
  return order.map((operation) => {
    const next = model.step(state, operation);
    if (!(next instanceof Rejection)) state = next;
    return { operation: operation.id, state: model.describe(state) };
  });
}
