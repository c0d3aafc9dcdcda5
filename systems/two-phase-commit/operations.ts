/**
 * What a client may ask: Maelstrom's lin-kv, the PUT of the course notes as `insert`, and `txn` over several keys. The
 * coordinator carries an operation out on its own replica and finds what there is to write; two-phase commit then does
 * it on all replicas or on none. That is enough, since nobody else can commit on a key while the coordinator has it
 * locked, and whatever was committed before is on its replica: it has voted for it, too, and the lock is free again.
 *
 * For the same reason what writes nothing needs no transaction, also over several keys: unlocked, they hold exactly
 * what has been committed so far.
 */
import { sameJson } from '../../src/core/json.ts';
import type { Json } from '../../src/core/json.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody, RequestBody, ResponseBody } from '../../src/protocol/wire.ts';
import type { Write } from './transactions.ts';

/**
 * A part of a transaction: read, write, or compare the version. All see what was there before the transaction; versions
 * count the writes of a key, so that 0 is a key that nobody has written.
 */
export type Part =
  | readonly ['r', key: string, Json]
  | readonly ['w', key: string, value: Json]
  | readonly ['c', key: string, version: number];

export type Operation =
  | { readonly f: 'read'; readonly key: string }
  | { readonly f: 'write' | 'insert'; readonly key: string; readonly value: Json }
  | { readonly f: 'cas'; readonly key: string; readonly from: Json; readonly to: Json }
  | { readonly f: 'txn'; readonly parts: readonly Part[] };

/** What is there: the state of the keys, which nobody else can change as long as it matters. */
export type Held = (key: string) => Write | null;

/** What becomes of an operation: the answer, once the writes are committed; at once if there are none. */
export interface Effect {
  readonly writes: readonly Write[];
  readonly answer: ResponseBody;
}

export const keysOf = (operation: Operation): readonly string[] =>
  operation.f === 'txn' ? [...new Set(operation.parts.map(([, key]) => key))] : [operation.key];

export function effectOf(operation: Operation, held: Held): Effect {
  switch (operation.f) {
    case 'read': {
      const current = held(operation.key);
      return nothing(current === null ? absent(operation.key) : { type: 'read_ok', value: current.value });
    }
    case 'write':
      return { writes: [next(operation.key, operation.value, held)], answer: { type: 'write_ok' } };
    case 'insert':
      return insert(operation.key, operation.value, held);
    case 'cas': {
      const { key, from, to } = operation;
      const current = held(key);
      if (current === null) return nothing(absent(key));
      if (!sameJson(current.value, from)) return nothing(other(codes.preconditionFailed, key, current.value));
      return { writes: [next(key, to, held)], answer: { type: 'cas_ok' } };
    }
    case 'txn':
    default:
      return transact(operation.parts, held);
  }
}

/** The PUT of the course notes (3.1): adds the pair if there is none; fails if there is one with another value. */
function insert(key: string, value: Json, held: Held): Effect {
  const current = held(key);
  const answer = { type: 'insert_ok' };
  if (current === null) return { writes: [next(key, value, held)], answer };
  return nothing(sameJson(current.value, value) ? answer : other(codes.keyAlreadyExists, key, current.value));
}

/** A compare that fails is an observation of the versions: nothing is written then. */
function transact(parts: readonly Part[], held: Held): Effect {
  const versionOf = (key: string): number => held(key)?.version ?? 0;
  const compared = parts.filter((part) => part[0] === 'c');
  if (compared.some(([, key, version]) => versionOf(key) !== version)) {
    const current = compared.map(([, key]): Json => ['c', key, versionOf(key)]);
    return nothing(errorBody(codes.preconditionFailed, 'A key has another version', { current }));
  }
  const done = parts.map((part): Json => {
    const [f, key] = part;
    return f === 'r' ? [f, key, { value: held(key)?.value ?? null, version: versionOf(key) }] : part;
  });
  const writes = parts.flatMap(([f, key, value]) => (f === 'w' ? next(key, value, held) : []));
  return { writes, answer: { type: 'txn_ok', txn: done } };
}

const next = (key: string, value: Json, held: Held): Write => ({ key, value, version: (held(key)?.version ?? 0) + 1 });

const nothing = (answer: ResponseBody): Effect => ({ writes: [], answer });

const absent = (key: string): ErrorBody => errorBody(codes.keyDoesNotExist, `Key ${key} does not exist`);

const other = (code: number, key: string, current: Json): ErrorBody =>
  errorBody(code, `Key ${key} holds another value`, { current });

/** What the request asks for, or why it makes no sense. */
export function operationOf(body: RequestBody): Operation | ErrorBody {
  const { type, key, value, from, to, txn } = body;
  if (type === 'txn') {
    const parts = partsOf(txn);
    if (parts === null) return malformed(type, 'a list of [r|w|c, key, ...]');
    const written = parts.flatMap(([f, target]) => (f === 'w' ? target : []));
    if (new Set(written).size < written.length) return malformed(type, 'each key at most once among its writes');
    return { f: type, parts };
  }
  if (type !== 'read' && type !== 'write' && type !== 'insert' && type !== 'cas')
    return errorBody(codes.notSupported, `two-phase-commit does not know ${type}; it knows ${known.join(', ')}`);
  if (typeof key !== 'string') return malformed(type, 'a key that is text');
  if (type === 'read') return { f: type, key };
  if (type === 'cas')
    return from === undefined || to === undefined ? malformed(type, 'from and to') : { f: type, key, from, to };
  return value === undefined ? malformed(type, 'a value') : { f: type, key, value };
}

const known = ['read', 'write', 'cas', 'insert', 'txn'];

function partsOf(txn: Json | undefined): readonly Part[] | null {
  if (!Array.isArray(txn)) return null;
  const parts = txn.map((part: Json) => partOf(part));
  return parts.every((part) => part !== null) ? parts : null;
}

function partOf(part: Json): Part | null {
  if (!Array.isArray(part)) return null;
  const [f, key, value] = part as readonly Json[];
  if (typeof key !== 'string') return null;
  if (f === 'r') return [f, key, null];
  if (f === 'w') return value === undefined ? null : [f, key, value];
  return f === 'c' && typeof value === 'number' && Number.isSafeInteger(value) ? [f, key, value] : null;
}

const malformed = (type: string, need: string): ErrorBody => errorBody(codes.malformedRequest, `${type} needs ${need}`);
