import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, RequestBody } from '../../src/protocol/wire.ts';
import type { Coordinator } from './coordinator.ts';
import type { Step } from './node.ts';
import { stampOf } from './stamps.ts';

/**
 * What a client may ask: Maelstrom's lin-kv without cas, where a write names the stamp that `stamp` gave. Any stamp is
 * taken: one that is older than what the replicas hold makes a write that was overwritten at once.
 */
export function onRequest(coordinator: Coordinator, id: RequestId, body: RequestBody, step: Step): void {
  const { type, key, value } = body;
  const refuse = (error: ErrorBody): void => step.effects.reply(id, error);
  if (type !== 'stamp' && type !== 'read' && type !== 'write')
    return refuse(errorBody(codes.notSupported, `quorum does not know ${type}; it knows read, stamp, write`));
  if (typeof key !== 'string') return refuse(malformed(type, 'a key that is text'));
  if (type === 'stamp') return coordinator.onStamp(id, key, step);
  if (type === 'read') return coordinator.onRead(id, key, step);
  const stamp = stampOf(body['stamp']);
  if (value === undefined) return refuse(malformed(type, 'a value'));
  if (stamp === null) return refuse(malformed(type, 'the stamp that the request stamp gave'));
  coordinator.onWrite(id, { key, stamp, value }, step);
}

const malformed = (type: string, need: string): ErrorBody => errorBody(codes.malformedRequest, `${type} needs ${need}`);
