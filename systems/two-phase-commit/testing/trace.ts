/** Says in one line what a message or a record is, so that a test can be read like a play. */
import type { TwoPhaseMessage, TwoPhaseRecord } from '../dialect.ts';
import { nameOf } from '../transactions.ts';
import type { Transaction, TransactionId, Write } from '../transactions.ts';

export function lineOf(message: TwoPhaseMessage): string {
  switch (message.type) {
    case 'prepare':
      return `PREPARE ${transactionOf(message.transaction)}, oldest ${nameOf(message.oldest)}`;
    case 'vote-commit':
    case 'vote-abort':
      return `${message.type.toUpperCase()} ${nameOf(message.id)}`;
    case 'global-commit':
    case 'global-abort':
    case 'ack':
      return `${message.type.toUpperCase()} ${namesOf(message.ids)}`;
    case 'ask':
    default:
      return `asks about ${namesOf(message.ids)}`;
  }
}

export function recordOf(record: TwoPhaseRecord): string {
  switch (record.kind) {
    case 'prepare':
      return `logs PREPARE ${transactionOf(record)}`;
    case 'commit':
    case 'abort':
      return `logs ${record.kind.toUpperCase()} ${nameOf(record.id)}`;
    case 'end':
      return `logs that all have acknowledged ${nameOf(record.id)}`;
    case 'value':
      return `logs ${writeOf(record)}`;
    case 'oldest':
    default:
      return `logs that ${record.coordinator} is done with what is older than ${nameOf(record.id)}`;
  }
}

const namesOf = (ids: readonly TransactionId[]): string => ids.map(nameOf).join(' ');

const transactionOf = ({ id, keys, writes }: Transaction): string => {
  const others = keys.filter((key) => writes.every((write) => write.key !== key));
  return [nameOf(id), ...writes.map(writeOf), ...others].join(' ');
};

const writeOf = ({ key, value, version }: Write): string => `${key}=${JSON.stringify(value)}(${version})`;
