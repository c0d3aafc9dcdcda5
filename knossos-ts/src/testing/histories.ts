/**
 * Random small histories. Each operation gets an instant at which it happens on a real register, and one in a few
 * lies about what it saw there, so that histories are barely legal or barely illegal. Positions collide, and so do
 * values.
 */
import * as fc from 'fast-check';
import type { Operation, Value } from '../history/operation.ts';

type Outcome = Operation['type'];

interface Draft {
  readonly f: string;
  readonly a: number;
  readonly b: number;
  readonly type: Outcome;
  /** What it claims to have seen when it lies: a value, or nothing. */
  readonly claim: Value;
  readonly claimsSwap: boolean;
  readonly lies: boolean;
  /** A refused cas says what is there. */
  readonly tells: boolean;
  /** An info operation takes effect. */
  readonly happens: boolean;
  readonly called: number;
  readonly length: number;
  /** Where between call and return it happens, from 0 to 1. */
  readonly point: number;
}

const small = fc.nat(3);
const outcome = fc.constantFrom<Outcome>('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'info', 'info', 'fail');

const draft = (functions: readonly string[], span: number, honesty: number): fc.Arbitrary<Draft> =>
  fc.record({
    f: fc.constantFrom(...functions),
    a: small,
    b: small,
    type: outcome,
    claim: fc.oneof(fc.constant(null), small, small),
    claimsSwap: fc.boolean(),
    lies: fc.nat(honesty).map((draw) => draw === 0),
    tells: fc.nat(2).map((draw) => draw > 0),
    happens: fc.boolean(),
    called: fc.nat(span),
    length: fc.oneof(fc.nat(2), fc.nat(8)),
    point: fc.nat(4).map((quarter) => quarter / 4),
  });

const functions = { register: ['write', 'read', 'read'], 'cas-register': ['write', 'read', 'read', 'cas', 'cas'] };

/** Two to nine operations, by invocation, on one key. In half of the histories no value is written twice. */
export const smallHistory = (model: keyof typeof functions): fc.Arbitrary<Operation[]> =>
  fc
    .tuple(fc.integer({ min: 2, max: 14 }), fc.constantFrom(1, 4, 8, 30), fc.boolean())
    .chain(([span, honesty, unique]) =>
      fc
        .array(draft(functions[model], span, honesty), { minLength: 2, maxLength: 9, size: 'max' })
        .map((drafts) => perform(drafts, unique)),
    );

function perform(drafts: readonly Draft[], unique: boolean): Operation[] {
  let state: Value = null;
  const past: Value[] = [null];
  const made = new Map<Draft, Pick<Operation, 'input' | 'output'>>();
  for (const one of drafts.toSorted((x, y) => x.called + x.point * x.length - (y.called + y.point * y.length))) {
    const recalled: Value = past[Math.max(past.length - 2 - (one.a % 3), 0)] ?? null;
    const from: Value = !unique ? named(one.a) : one.lies ? recalled : one.b === 0 ? one.a : state;
    const to: Value = unique ? 10 + made.size : named(one.b);
    const claim = one.b > 0 ? recalled : one.claim;
    const swaps: boolean = one.lies ? one.claimsSwap : state === from;
    made.set(one, {
      input: one.f === 'read' ? null : one.f === 'write' ? to : [from, to],
      output: one.type === 'ok' ? outputOf(one, swaps, one.lies ? claim : state) : null,
    });
    const takesPlace = one.type === 'ok' || (one.type === 'info' && one.happens);
    if (takesPlace && (one.f === 'write' || (one.f === 'cas' && state === from))) past.push((state = to));
  }
  return drafts
    .toSorted((one, other) => one.called - other.called)
    .map((one, id) => operation(one, id, made.get(one) ?? { input: null, output: null }));
}

/** The initial value is written again, too. */
const named = (number: number): Value => (number === 3 ? null : number);

function outputOf(one: Draft, swaps: boolean, seen: Value): Value {
  if (one.f !== 'cas') return one.f === 'read' ? seen : null;
  if (swaps) return { swapped: true };
  return one.tells ? { swapped: false, current: seen } : { swapped: false };
}

const operation = (one: Draft, id: number, made: Pick<Operation, 'input' | 'output'>): Operation => {
  const returned = one.type === 'info' ? Infinity : one.called + one.length;
  return {
    id,
    process: id,
    f: one.f,
    key: 'k',
    ...made,
    type: one.type,
    called: one.called,
    returned,
    invokedAt: one.called * 1e6,
    completedAt: returned * 1e6,
  };
};
