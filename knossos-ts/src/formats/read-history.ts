/** Reads a history from a text in any of the formats, event by event, so that the text need not fit into memory. */
import { formats } from './catalogue.ts';
import { detectFormat, detectIndependent, enoughToDetect } from './detect.ts';
import type { EventReader, FormatName, FormatOptions } from './format.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { WellFormed } from './well-formed.ts';

export interface ReadOptions extends FormatOptions {
  /** Absent: found out by the beginning of the text. */
  readonly format?: FormatName;
}

/**
 * The events of a text, whole or in pieces that may end anywhere. They come once, while the text is read.
 * @throws HistoryError, while the events are taken, with the line of what is malformed or breaks the rules of histories.
 */
export function readHistory(text: string | Iterable<string>, options: ReadOptions = {}): HistoryReading {
  return new HistoryReading(typeof text === 'string' ? [text] : text, options);
}

export class HistoryReading implements Iterable<HistoryEvent> {
  readonly format: FormatName;
  /** Whether values were taken as `[key value]`; only EDN and JSON leave that open. */
  readonly independent: boolean;
  readonly #reader: EventReader;
  readonly #beginning: string;
  readonly #pieces: Iterator<string>;

  constructor(pieces: Iterable<string>, { format, ...options }: ReadOptions) {
    this.#pieces = pieces[Symbol.iterator]();
    this.#beginning = this.#begin();
    this.format = format ?? detectFormat(this.#beginning);
    this.independent = options.independent ?? detectIndependent(this.format, this.#beginning) ?? true;
    this.#reader = formats[this.format].read({ ...options, independent: this.independent });
  }

  /** The line of the event that came last, from 1. */
  get line(): number {
    return this.#reader.line;
  }

  /** The text broke off in the middle of an event, which was dropped: what was wrong there. Known at the end. */
  get torn(): string | undefined {
    return this.#reader.torn?.message;
  }

  *[Symbol.iterator](): Generator<HistoryEvent> {
    const rules = new WellFormed();
    const checked = (event: HistoryEvent): HistoryEvent => {
      const begun = rules.add(event, this.#reader.line);
      // A completion may come without its key.
      return begun === undefined || event.key !== null || begun.key === null ? event : { ...event, key: begun.key };
    };
    try {
      for (let piece: string | undefined = this.#beginning; piece !== undefined; piece = this.#next()) {
        for (const event of this.#reader.push(piece)) yield checked(event);
      }
      for (const event of this.#reader.end()) yield checked(event);
    } finally {
      this.#pieces.return?.();
    }
  }

  #begin(): string {
    let text = '';
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
      text += piece;
      if (text.length >= enoughToDetect) break;
    }
    return text;
  }

  #next(): string | undefined {
    const { done, value } = this.#pieces.next();
    return done === true ? undefined : value;
  }
}
