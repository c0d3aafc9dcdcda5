/** Says in one line what a message or a record is, so that a test can be read like a play. */
import { responseLine } from '../../testing/response-line.ts';
import type { Command, Entry, RaftMessage, RaftRecord, SnapshotItem } from '../dialect.ts';

export function lineOf(message: RaftMessage): string {
  switch (message.type) {
    case 'pre-vote':
      return `pre-vote for term ${message.term}, log ends with ${place(message.lastIndex, message.lastTerm)}`;
    case 'vote': {
      const what = message.transfer === true ? 'vote at the wish of the leader' : 'vote';
      return `${what} for term ${message.term}, log ends with ${place(message.lastIndex, message.lastTerm)}`;
    }
    case 'pre-vote-reply':
      return `${yes(message.granted)} to pre-vote for term ${message.proposed}, mine is ${message.term}`;
    case 'vote-reply':
      return `${yes(message.granted)} to vote, my term is ${message.term}`;
    case 'append': {
      const what = message.entries.length === 0 ? 'nothing' : message.entries.map(entryOf).join(' ');
      const after = place(message.previousIndex, message.previousTerm);
      return `append ${what} after ${after}, term ${message.term}, commit ${message.commit}, round ${message.round}`;
    }
    case 'append-reply':
      if (message.accepted) return `yes to append up to ${message.match}, round ${message.round}`;
      return `no to append after ${message.previousIndex}, conflict from ${message.conflictIndex} of term ${message.conflictTerm ?? '-'}, round ${message.round}`;
    case 'snapshot': {
      const covers = `covers ${place(message.index, message.lastTerm)}, members ${message.members.join(' ')}`;
      const items = message.items.map(itemOf).join(' ');
      return `snapshot that ${covers}: ${items} after ${message.offset} items${message.isLast ? ', the last' : ''}, term ${message.term}, round ${message.round}`;
    }
    case 'snapshot-reply':
      return `has ${message.received} items of the snapshot up to ${message.index}, round ${message.round}`;
    case 'timeout-now':
      return `campaign now, term ${message.term}`;
    case 'outdated':
    default:
      return `outdated, my term is ${message.term}`;
  }
}

export function recordOf(record: RaftRecord): string {
  switch (record.kind) {
    case 'state':
      return `saves term ${record.term}, vote ${record.vote ?? '-'}`;
    case 'entries':
      return `saves ${record.entries.length === 0 ? 'nothing' : record.entries.map(entryOf).join(' ')} from ${record.from}`;
    case 'snapshot':
    default: {
      const { index, term, members, items } = record.snapshot;
      return `saves a snapshot that covers ${place(index, term)}, members ${members.join(' ')}: ${items.map(itemOf).join(' ')}`;
    }
  }
}

const itemOf = (item: SnapshotItem): string =>
  item.kind === 'value'
    ? `${item.key}=${JSON.stringify(item.value)}`
    : `session ${item.session} at ${item.sequence}${item.response === null ? '' : ` (${responseLine(item.response)})`}`;

const entryOf = ({ term, command }: Entry): string => `${term}:${commandOf(command)}`;

function commandOf(command: Command): string {
  if (command.kind === 'members') return `members(${command.members.join(' ')})`;
  if (command.kind !== 'operation') return command.kind;
  const { session, sequence, operation } = command;
  const call =
    operation.type === 'write'
      ? `${operation.key}=${JSON.stringify(operation.value)}`
      : `${operation.key}:${JSON.stringify(operation.from)}>${JSON.stringify(operation.to)}`;
  return `${call}(${session}/${sequence})`;
}

const place = (index: number, term: number): string => (index === 0 ? 'the beginning' : `${index} of term ${term}`);

const yes = (granted: boolean): string => (granted ? 'yes' : 'no');
