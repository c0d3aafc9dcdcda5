/**
 * What a reply means is data. Three classes of codes: observations of the state are results and never dropped,
 * definite codes say that the operation has not happened and never will, all others leave it open. The numbers are
 * Maelstrom's (doc/protocol.md, "Errors"); that 20, 21 and 22 are results is ours.
 */
import type { Json } from '../core/json.ts';

export interface OperationError {
  /** One of Maelstrom's codes, or null where no node answered. */
  readonly code: number | null;
  readonly text: string;
}

/** How an operation ended. `fail`: it surely did not and will not happen. `info`: it may have, now or later. */
export type Outcome =
  | { readonly type: 'ok'; readonly value: Json }
  | { readonly type: 'fail'; readonly error: OperationError }
  | { readonly type: 'info'; readonly error: OperationError };

export const codes = {
  timeout: 0,
  nodeNotFound: 1,
  notSupported: 10,
  temporarilyUnavailable: 11,
  malformedRequest: 12,
  crash: 13,
  abort: 14,
  keyDoesNotExist: 20,
  keyAlreadyExists: 21,
  preconditionFailed: 22,
  transactionConflict: 30,
} as const;

export type CodeClass = 'observation' | 'definite' | 'indefinite';

const observations: ReadonlySet<number> = new Set([20, 21, 22]);
const definites: ReadonlySet<number> = new Set([1, 10, 11, 12, 14, 30]);

export const classOf = (code: number): CodeClass =>
  observations.has(code) ? 'observation' : definites.has(code) ? 'definite' : 'indefinite';
