import type { Json } from '../../src/core/json.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, RequestBody } from '../../src/protocol/wire.ts';
import type { Command, Operation } from './dialect.ts';
import { propose } from './leader.ts';
import type { RaftNode } from './node.ts';
import { onRead } from './reads.ts';

/** What a client may ask: Maelstrom's lin-kv, where write and cas name the session that `open_session` gave. */
export function onRequest(node: RaftNode, id: RequestId, body: RequestBody): void {
  const wish = parse(body);
  if ('code' in wish) return node.effects.reply(id, wish);
  if (node.role.kind !== 'leader') return node.notLeader(id);
  if (wish.kind === 'read') onRead(node, node.role.office, id, wish.key);
  else propose(node, node.role.office, wish, id);
}

type Wish = Command | { readonly kind: 'read'; readonly key: string };

function parse(body: RequestBody): Wish | ErrorBody {
  const { type, key, value, from, to } = body;
  if (type === 'open_session') return { kind: 'open-session' };
  if (type !== 'read' && type !== 'write' && type !== 'cas')
    return errorBody(codes.notSupported, `raft does not know ${type}; it knows read, write, cas, open_session`);
  if (typeof key !== 'string') return malformed(type, 'a key that is text');
  if (type === 'read') return { kind: 'read', key };
  if (type === 'write') return value === undefined ? malformed(type, 'a value') : inSession(body, { type, key, value });
  if (from === undefined || to === undefined) return malformed(type, 'from and to');
  return inSession(body, { type, key, from, to });
}

function inSession({ type, session, sequence }: RequestBody, operation: Operation): Command | ErrorBody {
  if (!isCount(session) || !isCount(sequence)) return malformed(type, 'session and sequence, from 1 on');
  return { kind: 'operation', session, sequence, operation };
}

const isCount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;

const malformed = (type: string, need: string): ErrorBody => errorBody(codes.malformedRequest, `${type} needs ${need}`);
