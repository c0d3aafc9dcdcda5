/**
 * The time limit of a check, asked wherever a check goes on for long: once for each operation, edge or session. It is
 * thrown, so that what is cut short anywhere leaves nothing half decided behind.
 */

/** The time is up. Nothing was decided. */
export class TimeUp extends Error {
  constructor() {
    super('not decided before the time was up');
  }
}

/** Throws `TimeUp` when it is late. */
export type Watch = () => void;

export const watchOf =
  (isLate: () => boolean): Watch =>
  () => {
    if (isLate()) throw new TimeUp();
  };

/** Undefined when there was no time for it. */
export function unlessLate<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof TimeUp) return undefined;
    throw error;
  }
}

/** For whoever has all the time in the world. */
export const unwatched: Watch = () => undefined;
