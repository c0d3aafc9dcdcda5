/** How a node process ends by itself. Anything else, a signal too, was not its own decision. */
export const exitCodes = {
  /** Its standard input ended: the harness is gone. */
  orphaned: 0,
  /** It could not start: its configuration is wrong, or its address is taken. */
  cannotStart: 64,
  /** A throw in a step of its machine: a finding. */
  crashed: 70,
  /** Its disk failed, or its log is damaged: not a finding. */
  diskFailed: 71,
} as const;
