/** Says in one line what a message or a record is, so that a test can be read like a play. */
import { responseLine } from '../../testing/response-line.ts';
import type { Configuration } from '../configuration.ts';
import type { Change, CraqMessage, CraqRecord, Entry, Item } from '../dialect.ts';

export function lineOf(message: CraqMessage): string {
  switch (message.type) {
    case 'renew':
    case 'grant':
      return '';
    case 'announce':
      return `announces ${configurationOf(message.configuration)}`;
    case 'update':
      if (message.entries.length === 0) return '';
      return `update ${message.entries.map(entryOf).join(' ')}, epoch ${message.epoch}`;
    case 'acknowledge':
      return `has ${message.have}, committed ${message.committed}${message.hasGap ? ', lacks what is before' : ''}, epoch ${message.epoch}`;
    case 'version-query':
      return `how far is the tail? #${message.number}, epoch ${message.epoch}`;
    case 'version-reply':
      return `the tail is at ${message.committed} #${message.number}, epoch ${message.epoch}`;
    case 'fetch':
      return `wants what follows ${message.have}${message.copy === null ? '' : ` and the copy as of ${message.copy.seq} from item ${message.copy.offset} on`}, epoch ${message.epoch}`;
    case 'copy':
      return `copies ${message.entries.map(entryOf).join(' ') || 'nothing'}, committed ${message.committed}, epoch ${message.epoch}`;
    case 'part':
    default: {
      const items = message.items.map(itemOf).join(' ');
      return `copy as of ${message.seq}: ${items} after ${message.offset} items${message.isLast ? ', the last' : ''}, epoch ${message.epoch}`;
    }
  }
}

export function recordOf(record: CraqRecord): string {
  switch (record.kind) {
    case 'configuration':
      return `saves ${configurationOf(record.configuration)}`;
    case 'state':
      return `saves the state as of ${record.seq}: ${record.items.map(itemOf).join(' ')}`;
    case 'cut':
      return `saves that nothing follows ${record.after}`;
    case 'entries':
    default:
      return `saves ${record.entries.map(entryOf).join(' ')}, committed ${record.committed}`;
  }
}

const configurationOf = ({ epoch, chain, active, excluded }: Configuration): string => {
  const without = excluded.length === 0 ? '' : `, without ${excluded.join(' ')}`;
  return `epoch ${epoch} ${chain.join('-')}${without}${active ? '' : ', not active'}`;
};

const entryOf = ({ seq, change }: Entry): string => `${seq}:${changeOf(change)}`;

function changeOf(change: Change): string {
  if (change.kind === 'open-session') return 'session';
  if (change.kind === 'version') return `${change.key}=${JSON.stringify(change.value)}`;
  return `refusal(${responseLine(change.response)})`;
}

const itemOf = (item: Item): string =>
  item.kind === 'version'
    ? `${item.key}=${JSON.stringify(item.value)}(${item.seq})`
    : `session ${item.session} at ${item.sequence}`;
