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

/** Two to nine operations, by invocation, on one key. */
export const smallHistory = (model: keyof typeof functions): fc.Arbitrary<Operation[]> =>
  fc
    .tuple(fc.integer({ min: 2, max: 14 }), fc.constantFrom(1, 4, 8, 30))
    .chain(([span, honesty]) =>
      fc.array(draft(functions[model], span, honesty), { minLength: 2, maxLength: 9, size: 'max' }),
    )
    .map(perform);

function perform(drafts: readonly Draft[]): Operation[] {
  let state: Value = null;
  const outputs = new Map<Draft, Value>();
  for (const one of drafts.toSorted((x, y) => x.called + x.point * x.length - (y.called + y.point * y.length))) {
    const takesPlace = one.type === 'ok' || (one.type === 'info' && one.happens);
    const swaps: boolean = one.lies ? one.claimsSwap : state === one.a;
    if (one.type === 'ok') outputs.set(one, outputOf(one, swaps, one.lies ? one.claim : state));
    if (!takesPlace) continue;
    if (one.f === 'write') state = one.a;
    else if (one.f === 'cas' && state === one.a) state = one.b;
  }
  return drafts
    .toSorted((one, other) => one.called - other.called)
    .map((one, id) => operation(one, id, outputs.get(one) ?? null));
}

function outputOf(one: Draft, swaps: boolean, seen: Value): Value {
  if (one.f !== 'cas') return one.f === 'read' ? seen : null;
  if (swaps) return { swapped: true };
  return one.tells ? { swapped: false, current: seen } : { swapped: false };
}

const operation = (one: Draft, id: number, output: Value): Operation => {
  const returned = one.type === 'info' ? Infinity : one.called + one.length;
  return {
    id,
    process: id,
    f: one.f,
    key: 'k',
    input: one.f === 'read' ? null : one.f === 'write' ? one.a : [one.a, one.b],
    type: one.type,
    output,
    called: one.called,
    returned,
    invokedAt: one.called * 1e6,
    completedAt: returned * 1e6,
  };
};
