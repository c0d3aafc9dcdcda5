/** The requests of the plays. */
import type { RequestBody } from '../../../src/protocol/wire.ts';

export const write = (session: number, sequence: number, value: number, key = 'a'): RequestBody => ({
  type: 'write',
  key,
  value,
  session,
  sequence,
});

export const read: RequestBody = { type: 'read', key: 'a' };

export const openSession: RequestBody = { type: 'open_session' };

export const add = (node: string): RequestBody => ({ type: 'add_server', node });

export const remove = (node: string): RequestBody => ({ type: 'remove_server', node });

export const transfer = (to: string): RequestBody => ({ type: 'transfer', to });
