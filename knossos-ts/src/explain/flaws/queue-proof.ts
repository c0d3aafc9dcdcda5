/** What the proofs against a queue have in common: values that nobody returned, and who may have taken them. */
import type { Operation } from '../../history/operation.ts';
import { showValue } from '../../history/value.ts';
import type { Passage } from '../../models/queue-passages.ts';
import { count, listed } from '../words.ts';

export const operationsOf = (operation: Operation | undefined): readonly Operation[] =>
  operation === undefined ? [] : [operation];

/** The dequeues of unknown outcome that may have taken a value before the one with this rank has one left. */
export const takersBefore = (rank: number, untaken: readonly Passage[]): readonly Operation[] =>
  untaken.slice(0, rank).flatMap(({ dequeue }) => operationsOf(dequeue));

const mostShown = 8;

export const shownValues = (values: readonly Passage[]): string =>
  values.length > mostShown ? `${count(values.length)} values` : listed(values.map(({ value }) => showValue(value)));

export const atMost = ({ length }: readonly Operation[]): string =>
  length === 0
    ? 'no dequeue of unknown outcome'
    : `no more than ${count(length)} ${length === 1 ? 'dequeue' : 'dequeues'} of unknown outcome`;

/** Of the first value that nobody returned. */
export const absence = ({ dequeue }: Passage): string =>
  dequeue === undefined ? 'was never dequeued' : 'cannot have been dequeued by then';
