/**
 * All legal orders of a few operations: how far they get, where they end, and which operation real time kept out
 * although the state would have allowed it.
 */
import type { Operation } from '../history/operation.ts';
import { Rejection, type Model } from '../models/model.ts';
import { bruteForceLimit } from './brute-force.ts';

export interface LegalOrder {
  readonly operations: readonly Operation[];
  /** An ok operation that could be next, but that the state refuses. */
  readonly refused: Operation;
  readonly why: string;
}

export interface Orders {
  /** It holds the most ok operations, and no more info ones than needed. */
  readonly longest: LegalOrder;
  /** Where the other legal orders end, the longer ones first. */
  readonly deadEnds: readonly LegalOrder[];
  /** `early` was legal at some point, where `late` had returned before it was called and was not in the order yet. */
  readonly keptOut: readonly { readonly early: Operation; readonly late: Operation }[];
}

interface Node<S> {
  readonly placed: number;
  readonly state: S;
  readonly order: readonly Operation[];
  readonly certain: number;
}

/** Undefined for more operations than brute force takes. `preferred`: what should be refused where there is a choice. */
export function legalOrders<S>(
  model: Model<S>,
  operations: readonly Operation[],
  preferred: Operation,
): Orders | undefined {
  if (operations.length > bruteForceLimit) return undefined;
  const keptOut = new Map<string, { readonly early: Operation; readonly late: Operation }>();
  const ends: (LegalOrder & { readonly certain: number })[] = [];
  const known = new Set<string>();
  const open: Node<S>[] = [{ placed: 0, state: model.init, order: [], certain: 0 }];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    const refused: { readonly operation: Operation; readonly why: string }[] = [];
    let goesOn = false;
    for (const [index, operation] of operations.entries()) {
      if ((node.placed & (1 << index)) !== 0) continue;
      const next = model.step(node.state, operation);
      const late = blocker(operations, node.placed, operation);
      if (late !== undefined) {
        if (!(next instanceof Rejection)) keptOut.set(`${operation.id} ${late.id}`, { early: operation, late });
      } else if (next instanceof Rejection) {
        if (operation.type === 'ok') refused.push({ operation, why: next.reason });
      } else {
        goesOn ||= operation.type === 'ok';
        const placed = node.placed | (1 << index);
        const key = `${placed} ${model.key(next)}`;
        if (known.has(key)) continue;
        known.add(key);
        const certain = node.certain + Number(operation.type === 'ok');
        open.push({ placed, state: next, order: [...node.order, operation], certain });
      }
    }
    const last = refused.find(({ operation }) => operation === preferred) ?? refused[0];
    if (!goesOn && last !== undefined) {
      ends.push({ operations: node.order, refused: last.operation, why: last.why, certain: node.certain });
    }
  }
  // Among equals the sort keeps the order of the search, which takes few info operations before many.
  ends.sort((one, other) => other.certain - one.certain || rank(other, preferred) - rank(one, preferred));
  const [longest, ...deadEnds] = ends;
  return longest === undefined ? undefined : { longest, deadEnds, keptOut: [...keptOut.values()] };
}

const rank = (end: LegalOrder, preferred: Operation): number => Number(end.refused === preferred);

/** Something that must be in the order before the operation, and is not; what returned last, to be nearest to it. */
function blocker(operations: readonly Operation[], placed: number, operation: Operation): Operation | undefined {
  let found: Operation | undefined;
  for (const [index, other] of operations.entries()) {
    if ((placed & (1 << index)) !== 0 || other.returned >= operation.called) continue;
    if (found === undefined || other.returned > found.returned) found = other;
  }
  return found;
}
