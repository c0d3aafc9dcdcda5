/**
 * Cuts a byte stream into whole lines, however its chunks were split. Cutting happens on bytes, so that a character
 * of several bytes may be split as well; and whole lines can be passed on without decoding them.
 */

/** A line beyond this many bytes means that the other side does not speak our language. */
export const longestFrame: number = 16 * 1024 * 1024;

export class FrameTooLongError extends Error {
  override readonly name: string = 'FrameTooLongError';
}

const newline = 10;

export class Lines {
  readonly #limit: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(limit: number = longestFrame) {
    this.#limit = limit;
  }

  /**
   * Takes the next bytes; returns all lines that they complete, each with its newline, or null when there is none.
   * Throws FrameTooLongError when a line grows beyond the limit.
   */
  push(chunk: Buffer): Buffer | null {
    const first = chunk.indexOf(newline);
    if (this.#pendingBytes + (first < 0 ? chunk.length : first) > this.#limit)
      throw new FrameTooLongError(`A frame of more than ${this.#limit} bytes`);
    const end = first < 0 ? 0 : chunk.lastIndexOf(newline) + 1;
    const whole = first < 0 ? null : this.#join(chunk.subarray(0, end));
    if (end < chunk.length) {
      this.#pending.push(chunk.subarray(end));
      this.#pendingBytes += chunk.length - end;
    }
    return whole;
  }

  #join(last: Buffer): Buffer {
    if (this.#pendingBytes === 0) return last;
    const whole = Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return whole;
  }
}

/** The texts of whole lines, without their newlines; empty lines are left out. */
export const textsOf = (whole: Buffer): string[] =>
  whole
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
