/** Says in one line what a message or a record is, so that a test can be read like a play. */
import type { Held, QuorumMessage, QuorumRecord, Version } from '../dialect.ts';

export function lineOf(message: QuorumMessage): string {
  switch (message.type) {
    case 'query':
      return `query ${message.round} for ${message.key}`;
    case 'query-reply':
      return `answers ${message.round} with ${message.version === null ? 'nothing' : versionOf(message.version)}`;
    case 'store':
      return `store ${message.round} of ${versionOf(message.version)}`;
    case 'store-reply':
      return `has stored ${message.round}`;
    case 'hand-off':
      return `hand-off of ${message.versions.map(versionOf).join(' ')}`;
    case 'handed-off':
      return `has ${message.held.map(heldOf).join(' ')}`;
    case 'digest': {
      const range = `after ${message.after ?? 'the beginning'} until ${message.until ?? 'the end'}`;
      return `digest ${range}: ${message.held.map(heldOf).join(' ') || 'nothing'}`;
    }
    case 'push':
    default: {
      const brings = message.versions.map(versionOf).join(' ') || 'nothing';
      return `push of ${brings}${message.wanted.length === 0 ? '' : `, wants ${message.wanted.join(' ')}`}`;
    }
  }
}

export function recordOf(record: QuorumRecord): string {
  switch (record.kind) {
    case 'version':
      return `saves ${versionOf(record)}`;
    case 'hint':
      return `saves a hint that ${record.to} lacks ${heldOf(record)}`;
    case 'handed-off':
    default:
      return `saves that ${record.to} lacks no ${record.key}`;
  }
}

export const versionOf = ({ key, stamp, value }: Version): string =>
  `${key}=${JSON.stringify(value)}(${stamp.counter} ${stamp.id})`;

const heldOf = ({ key, stamp }: Held): string => `${key}(${stamp.counter} ${stamp.id})`;
