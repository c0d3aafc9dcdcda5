/** The requests of the plays. */
import type { RequestBody } from '../../../src/protocol/wire.ts';

export const openSession: RequestBody = { type: 'open_session' };

export const read = (key = 'a'): RequestBody => ({ type: 'read', key });

export const write = (session: number, sequence: number, value: number, key = 'a'): RequestBody => ({
  type: 'write',
  key,
  value,
  session,
  sequence,
});

export const cas = (session: number, sequence: number, from: number, to: number): RequestBody => ({
  type: 'cas',
  key: 'a',
  from,
  to,
  session,
  sequence,
});
