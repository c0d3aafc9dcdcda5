import type { Json } from '../../src/core/json.ts';
import type { NodeId } from '../../src/core/ids.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, RequestBody } from '../../src/protocol/wire.ts';

export type Operation = { readonly key: string; readonly session: number; readonly sequence: number } & (
  | { readonly type: 'write'; readonly value: Json }
  | { readonly type: 'cas'; readonly from: Json; readonly to: Json }
);

export type ChangeType = 'remove_node' | 'add_node';

export type Wish =
  | { readonly kind: 'read'; readonly key: string }
  | { readonly kind: 'open-session' }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'change'; readonly type: ChangeType; readonly node: NodeId };

/**
 * What a client may ask: Maelstrom's lin-kv, where write and cas name the session that `open_session` gave. And an
 * operator: `remove_node`, `add_node`.
 */
export function parse(nodes: readonly NodeId[], body: RequestBody): Wish | ErrorBody {
  const { type, key } = body;
  switch (type) {
    case 'open_session':
      return { kind: 'open-session' };
    case 'read':
      return typeof key === 'string' ? { kind: 'read', key } : malformed(type, 'a key that is text');
    case 'write':
    case 'cas':
      return operationOf(type, body);
    case 'remove_node':
    case 'add_node': {
      const node = nodes.find((name) => name === body['node']);
      return node === undefined ? malformed(type, 'a node') : { kind: 'change', type, node };
    }
    default:
      return errorBody(
        codes.notSupported,
        `craq does not know ${type}; it knows read, write, cas, open_session, remove_node, add_node`,
      );
  }
}

function operationOf(type: 'write' | 'cas', body: RequestBody): Wish | ErrorBody {
  const { key, value, from, to, session, sequence } = body;
  if (typeof key !== 'string') return malformed(type, 'a key that is text');
  if (!isCount(session) || !isCount(sequence)) return malformed(type, 'session and sequence, from 1 on');
  const common = { key, session, sequence };
  if (type === 'write')
    return value === undefined
      ? malformed(type, 'a value')
      : { kind: 'operation', operation: { type, value, ...common } };
  if (from === undefined || to === undefined) return malformed(type, 'from and to');
  return { kind: 'operation', operation: { type, from, to, ...common } };
}

const isCount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;

const malformed = (type: string, need: string): ErrorBody => errorBody(codes.malformedRequest, `${type} needs ${need}`);
