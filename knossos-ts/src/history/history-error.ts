/** A history that breaks the rules of histories, or a text that is none. Says where, and what was expected there. */
export class HistoryError extends Error {
  override readonly name: string = 'HistoryError';
  /** The line of the text, from 1. */
  readonly line?: number;
  /** The index of the event. */
  readonly index?: number;

  constructor(message: string, place: { readonly line?: number; readonly index?: number } = {}) {
    super(message);
    if (place.line !== undefined) this.line = place.line;
    if (place.index !== undefined) this.index = place.index;
  }
}
