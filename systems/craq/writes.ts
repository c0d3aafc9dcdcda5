/**
 * Writes (Terrace & Freedman 2009, section 2.3; cas is its section 2.4's). The head gives each a place in the order and
 * decides at once what it comes to, from the newest version, committed or not; the client hears of it when the tail has
 * it, and with it everything before, so that the version that a cas compared is committed when it is answered. A cas that is
 * refused has a place, too: a copy of its request that arrives later must not succeed.
 */
import { sameJson } from '../../src/core/json.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import { settleTail } from './commitment.ts';
import { headOf } from './configuration.ts';
import type { Change } from './dialect.ts';
import { feed } from './link.ts';
import type { CraqNode } from './node.ts';
import type { Operation } from './requests.ts';

/** Beyond so many entries that are not committed, the head takes no more. */
const mostDirty = 500;

export function onOpenSession(node: CraqNode, request: RequestId): void {
  if (refuses(node, request)) return;
  put(node, request, { kind: 'open-session' });
}

export function onOperation(node: CraqNode, request: RequestId, operation: Operation): void {
  if (refuses(node, request)) return;
  const { session, sequence } = operation;
  const known = node.store.recall(session, sequence);
  switch (known.kind) {
    case 'no-session':
      // Definite: this request has no place in the order. What became of an earlier one the client keeps apart.
      return node.effects.reply(request, errorBody(codes.abort, `Session ${session} is not known; open a new one`));
    case 'passed':
      return node.effects.reply(
        request,
        errorBody(codes.crash, `Session ${session} is already beyond operation ${sequence}`),
      );
    case 'done':
      if (known.seq <= node.store.committed) return node.effects.reply(request, known.response);
      return wait(node, request, known.seq);
    case 'new': {
      const change = decide(node, operation);
      if (change.kind === 'refusal' && node.settings.mistakes.has('cas-on-dirty'))
        return node.effects.reply(request, change.response);
      return put(node, request, change);
    }
  }
}

/** Definite: nothing has been done for it here. */
function refuses(node: CraqNode, request: RequestId): boolean {
  const { store, configuration } = node;
  const head = headOf(configuration);
  if (!node.isHead) node.refuse(request, `${head} is the head`, head);
  else if (!node.mayServe) node.refuse(request, `${node.self} may not serve now`, head);
  else if (store.last - store.committed >= mostDirty) node.refuse(request, 'Too much waits for the tail', head);
  else return false;
  return true;
}

function decide({ store }: CraqNode, operation: Operation): Change {
  const { key, session, sequence } = operation;
  if (operation.type === 'write') {
    const response = { type: 'write_ok' };
    return { kind: 'version', key, value: operation.value, session, sequence, response };
  }
  const current = store.newest(key);
  if (current === null) {
    const response = errorBody(codes.keyDoesNotExist, `Key ${key} does not exist`);
    return { kind: 'refusal', session, sequence, response };
  }
  if (!sameJson(current.value, operation.from)) {
    const text = `Key ${key} holds another value`;
    const response = errorBody(codes.preconditionFailed, text, { current: current.value });
    return { kind: 'refusal', session, sequence, response };
  }
  return { kind: 'version', key, value: operation.to, session, sequence, response: { type: 'cas_ok' } };
}

function put(node: CraqNode, request: RequestId, change: Change): void {
  const { store, epoch } = node;
  const seq = store.last + 1;
  store.append([{ seq, epoch, change }], node.effects);
  if (node.settings.mistakes.has('ack-at-head') && change.kind !== 'open-session')
    node.effects.reply(request, change.response);
  else wait(node, request, seq);
  settleTail(node);
  feed(node);
}

function wait(node: CraqNode, request: RequestId, seq: number): void {
  const waiting = node.waiting.get(seq);
  if (waiting === undefined) node.waiting.set(seq, [request]);
  else waiting.push(request);
}
