/** The requests of the plays. */
import type { Json } from '../../../src/core/json.ts';
import type { RequestBody } from '../../../src/protocol/wire.ts';

export const write = (value: number, key = 'a'): RequestBody => ({ type: 'write', key, value });

export const insert = (value: number, key = 'a'): RequestBody => ({ type: 'insert', key, value });

export const cas = (from: number, to: number, key = 'a'): RequestBody => ({ type: 'cas', key, from, to });

export const read = (key = 'a'): RequestBody => ({ type: 'read', key });

export const txn = (...parts: Json[]): RequestBody => ({ type: 'txn', txn: parts });
