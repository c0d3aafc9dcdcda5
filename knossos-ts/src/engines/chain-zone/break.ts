/** Where a history breaks, in operations and values of the log. certificate.ts makes the proof of it. */
export type Break =
  /** An operation was refused by the very value that it expected. */
  | { readonly kind: 'contradiction' }
  /** `operation` met a value that nothing makes; it took effect because `ok` did, which returned. */
  | { readonly kind: 'thin-air'; readonly operation: number; readonly ok: number }
  /** Two effective cas from the same value. */
  | { readonly kind: 'lost-update'; readonly one: number; readonly other: number }
  /** Cas that would each have to follow the other. */
  | { readonly kind: 'cas-cycle' }
  /** In one block: who made the value, or who read it, had returned before an earlier one of the block was called. */
  | { readonly kind: 'order'; readonly value: number; readonly isMaker: boolean }
  /** The blocks that begin with these values would each have to come wholly before the other. */
  | { readonly kind: 'two-forward' | 'backward-in-forward'; readonly one: number; readonly other: number };
