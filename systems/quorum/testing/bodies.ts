/** The requests of the plays. */
import type { RequestBody } from '../../../src/protocol/wire.ts';

/** An id in upper case is below those that nodes give, in the order of texts. */
export const write = (value: number, counter: number, id = 'A', key = 'a'): RequestBody => ({
  type: 'write',
  key,
  value,
  stamp: { counter, id },
});

export const read: RequestBody = { type: 'read', key: 'a' };

export const stamp: RequestBody = { type: 'stamp', key: 'a' };
