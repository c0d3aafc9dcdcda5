/**
 * The reader's next action is what an error is for. Expected outcomes are values; these classes are for what ends a
 * command: `UsageError` for input that only the user can mend (exit 254), `HarnessError` for our own failure (255).
 */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

export class HarnessError extends Error {
  override readonly name: string = 'HarnessError';
}

/** Throws when a fact that the code relies on does not hold. Stays on in production. */
export function invariant(fact: boolean, message: () => string): asserts fact {
  if (!fact) throw new Error(`Invariant broken: ${message()}`);
}

/** The words of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
