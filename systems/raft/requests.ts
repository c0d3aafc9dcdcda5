import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, RequestBody } from '../../src/protocol/wire.ts';
import { onChange } from './changes.ts';
import type { Command, Operation } from './dialect.ts';
import { onLocalRead } from './local-reads.ts';
import type { RaftNode } from './node.ts';
import type { ChangeType } from './office.ts';
import { propose } from './proposals.ts';
import { onRead } from './reads.ts';
import { onTransfer, refuseAsBusy } from './transfer.ts';

/**
 * What a client may ask: Maelstrom's lin-kv, where write and cas name the session that `open_session` gave. And an
 * operator: `transfer`, `add_server`, `remove_server`.
 */
export function onRequest(node: RaftNode, id: RequestId, body: RequestBody): void {
  const wish = parse(node, body);
  if ('code' in wish) return node.effects.reply(id, wish);
  if (wish.kind === 'read' && node.settings.reads === 'local') return onLocalRead(node, id, wish.key, wish.after);
  if (node.role.kind !== 'leader') return node.notLeader(id);
  const { office } = node.role;
  if (wish.kind === 'read') onRead(node, office, id, wish.key);
  else if (wish.kind === 'transfer') onTransfer(node, office, id, wish.to);
  else if (wish.kind === 'change') onChange(node, office, id, wish.type, wish.server);
  else if (office.transfer !== null) refuseAsBusy(node, office, id);
  else propose(node, office, wish, id);
}

type Wish =
  | Command
  | { readonly kind: 'read'; readonly key: string; readonly after: number }
  | { readonly kind: 'transfer'; readonly to: NodeId }
  | { readonly kind: 'change'; readonly type: ChangeType; readonly server: NodeId };

function parse({ nodes }: RaftNode, body: RequestBody): Wish | ErrorBody {
  const { type } = body;
  switch (type) {
    case 'open_session':
      return { kind: 'open-session' };
    case 'read':
    case 'write':
    case 'cas':
      return operationOf(type, body);
    case 'transfer': {
      const to = nodes.find((name) => name === body['to']);
      return to === undefined ? malformed(type, 'a node to transfer to') : { kind: 'transfer', to };
    }
    case 'add_server':
    case 'remove_server': {
      const server = nodes.find((name) => name === body['node']);
      return server === undefined ? malformed(type, 'a node') : { kind: 'change', type, server };
    }
    default:
      return errorBody(
        codes.notSupported,
        `raft does not know ${type}; it knows read, write, cas, open_session, transfer, add_server, remove_server`,
      );
  }
}

function operationOf(type: 'read' | 'write' | 'cas', body: RequestBody): Wish | ErrorBody {
  const { key, value, from, to, after } = body;
  if (typeof key !== 'string') return malformed(type, 'a key that is text');
  if (type === 'read') return { kind: 'read', key, after: isCount(after) ? after : 0 };
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
