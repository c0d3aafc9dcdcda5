/** What a run says of itself while it lasts. */

export type Phase = 'setup' | 'main' | 'liveness' | 'heal' | 'quiesce' | 'final' | 'converge' | 'end';

export interface Progress {
  readonly phase: Phase;
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  /** For people: `partition n3 | n1 n2 n4 n5`. */
  readonly active: readonly string[];
  /** Seconds of the main phase that are left. */
  readonly left: number;
}
