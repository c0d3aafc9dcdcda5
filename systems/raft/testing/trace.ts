/** Says in one line what a message or a record is, so that a test can be read like a play. */
import type { ResponseBody } from '../../../src/protocol/wire.ts';
import type { Command, Entry, RaftMessage, RaftRecord } from '../dialect.ts';

export function lineOf(message: RaftMessage): string {
  switch (message.type) {
    case 'pre-vote':
    case 'vote':
      return `${message.type} for term ${message.term}, log ends with ${place(message.lastIndex, message.lastTerm)}`;
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
    case 'outdated':
    default:
      return `outdated, my term is ${message.term}`;
  }
}

export const recordOf = (record: RaftRecord): string =>
  record.kind === 'state'
    ? `saves term ${record.term}, vote ${record.vote ?? '-'}`
    : `saves ${record.entries.map(entryOf).join(' ')} from ${record.from}`;

export const responseOf = ({ type, ...rest }: ResponseBody): string =>
  type === 'error'
    ? `error ${JSON.stringify(rest['code'])}`
    : [type, ...Object.values(rest).map((value) => JSON.stringify(value))].join(' ');

const entryOf = ({ term, command }: Entry): string => `${term}:${commandOf(command)}`;

function commandOf(command: Command): string {
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
