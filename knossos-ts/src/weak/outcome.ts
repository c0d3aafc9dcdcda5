/** What a check of one model found, before it is told to anybody. */
import type { Edge } from './evidence/edges.ts';
import type { UnknownModelReason } from './verdict.ts';

export type Outcome =
  | { readonly valid: true }
  | { readonly valid: false; readonly cycle: readonly Edge[] }
  | { readonly valid: 'unknown'; readonly reason: UnknownModelReason; readonly detail: string };

export const holds: Outcome = { valid: true };
