/**
 * The bodies of a key-value store: how a call becomes a request and what its answer means. The operations are those of
 * Maelstrom's lin-kv (doc/workloads.md); an answer that says the state (codes 20, 21 and 22) is a result. Two are ours: `insert`
 * writes a key that nobody has written, `txn` does several things at once.
 */
import { invariant } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Call } from './client.ts';
import { classOf, codes } from './outcomes.ts';
import type { OperationError } from './outcomes.ts';
import type { RequestBody, ResponseBody } from './wire.ts';

/** The request of a call: `value` of a cas is `[from, to]`, and of a txn the list of its parts; that has no key. */
export function requestOf({ f, key, value }: Call): RequestBody {
  if (f === 'read') return { type: f, key };
  if (f === 'txn') return { type: f, txn: value };
  if (f !== 'cas') return { type: f, key, value };
  invariant(Array.isArray(value) && value.length === 2, () => `cas takes [from, to], not ${JSON.stringify(value)}`);
  return { type: f, key, from: value[0] as Json, to: value[1] as Json };
}

export type Answer =
  /** The operation has happened, with this result. */
  | { readonly type: 'ok'; readonly value: Json }
  /** This attempt had no effect and never will have. */
  | { readonly type: 'definite'; readonly error: OperationError }
  | { readonly type: 'indefinite'; readonly error: OperationError };

/** What a reply says about the attempt that it answers. Whatever is not understood leaves the attempt open. */
export function answerOf(call: Call, body: ResponseBody): Answer {
  if (body.type !== 'error') return resultOf(call, body);
  const code = typeof body['code'] === 'number' ? body['code'] : null;
  const error = { code, text: typeof body['text'] === 'string' ? body['text'] : JSON.stringify(body) };
  const kind = code === null ? 'indefinite' : classOf(code);
  if (kind !== 'observation') return { type: kind, error };
  const value = observationOf(call.f, code, body['current']);
  return value === undefined ? { type: 'indefinite', error } : { type: 'ok', value };
}

function resultOf({ f, value }: Call, body: ResponseBody): Answer {
  const results = { read: body['value'], cas: { swapped: true }, insert: { inserted: true }, txn: doneOf(body['txn']) };
  const result = f in results ? results[f as keyof typeof results] : value;
  if (body.type === `${f}_ok` && result !== undefined) return { type: 'ok', value: result };
  return { type: 'indefinite', error: { code: null, text: `Not an answer to ${f}: ${JSON.stringify(body)}` } };
}

const doneOf = (txn: Json | undefined): Json | undefined =>
  txn === undefined ? undefined : { committed: true, parts: txn };

function observationOf(f: string, code: number | null, current: Json | undefined): Json | undefined {
  if (code === codes.keyDoesNotExist && f === 'read') return null;
  if (code === codes.keyDoesNotExist && f === 'cas') return { swapped: false, current: null };
  const refused = refusals.find((one) => one.f === f && one.code === code)?.refused;
  if (refused === undefined) return undefined;
  return current === undefined ? refused : { ...refused, current };
}

/** What the store has not done, because of what it holds. */
const refusals: readonly { readonly f: string; readonly code: number; readonly refused: Record<string, Json> }[] = [
  { f: 'cas', code: codes.preconditionFailed, refused: { swapped: false } },
  { f: 'insert', code: codes.keyAlreadyExists, refused: { inserted: false } },
  { f: 'txn', code: codes.preconditionFailed, refused: { committed: false } },
];
