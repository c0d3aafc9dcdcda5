/** What else could have happened, and why it did not. */
import type { Operation } from '../history/operation.ts';
import type { Words } from '../models/model.ts';
import type { Counterexample } from '../verdict.ts';
import type { LegalOrder, Orders } from './orders.ts';
import { noun, whose } from './phrases.ts';
import { duration, listed } from './words.ts';

type Alternative = Counterexample['alternatives'][number];

const most = { keptOut: 6, deadEnds: 4 };

export function alternativesOf(orders: Orders, operations: readonly Operation[], words?: Words): Alternative[] {
  const { refused } = orders.longest;
  // What would have let the impossible operation in comes first.
  const keptOut = orders.keptOut.toSorted(
    (one, other) => Number(other.early === refused) - Number(one.early === refused),
  );
  return [
    ...keptOut.slice(0, most.keptOut).map(({ early, late }) => ({
      title:
        noun(early, words) === noun(late, words)
          ? `${capital(whose(early, words))} before ${whose(late, words)}`
          : `The ${noun(early, words)} before the ${noun(late, words)}`,
      why: `${capital(whose(late, words))} was over${ahead(late, early)} before ${whose(early, words)} began.`,
    })),
    ...orders.deadEnds.slice(0, most.deadEnds).map((end) => deadEnd(end, words)),
    ...operations
      .filter(({ type }) => type === 'info')
      .map((operation) => ({
        title: `The ${noun(operation, words)} late, or never`,
        why: `Nobody knows whether ${whose(operation, words)} took effect. It was tried at every place and left out; no order becomes legal.`,
      })),
  ];
}

const ahead = (late: Operation, early: Operation): string => {
  const length = early.invokedAt - late.completedAt;
  return length >= 1_000 ? ` ${duration(length)}` : '';
};

function deadEnd({ operations, refused, why }: LegalOrder, words: Words | undefined): Alternative {
  const title =
    operations.length === 0
      ? `The ${noun(refused, words)} first`
      : `First ${listed(operations.map((one) => `the ${noun(one, words)}`))}`;
  return { title, why: `Then ${whose(refused, words)} does not fit: ${why}.` };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
