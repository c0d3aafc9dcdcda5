/**
 * What every notation of a history has in common: it is read from a text that comes in pieces, so that a file need not
 * fit into memory, and it is written line by line.
 */
import type { HistoryEvent } from '../history/operation.ts';

export type FormatName = 'jsonl' | 'edn' | 'json' | 'porcupine-kv' | 'porcupine-jepsen';

/** What a text does not say about itself. Only the forms of Jepsen, EDN and JSON, need it. */
export interface FormatOptions {
  /**
   * Values are `[key value]`, as jepsen.independent makes them. Default true. The text does not say which of the two
   * forms it has, so that anything else is an error then; a history of a single object whose values all look like such
   * pairs, which it cannot be where anything is read, would be taken for one of several keys. A transaction has no key,
   * and what says its `key` outright, nil included, has that one, whatever this says.
   */
  readonly independent?: boolean;
  /**
   * Knossos' own data: an ok read of nil may have returned anything. Such a read becomes a `fail`, which checkers drop.
   * Default false.
   */
  readonly nilReadsMatchAnything?: boolean;
}

export interface Format {
  /** For people: whose notation it is, and what it looks like. */
  readonly title: string;
  readonly read: (options: FormatOptions) => EventReader;
  /** Line by line, without line ends. */
  readonly write: (events: Iterable<HistoryEvent>) => Iterable<string>;
}

/** Takes a text in pieces that may end anywhere, and yields each event as soon as it is complete. */
export interface EventReader {
  /** The line at which the event begins that was yielded last, from 1. */
  readonly line: number;
  /** The text broke off in the middle of an event, which was dropped: what was wrong with it. */
  readonly torn: Error | undefined;
  /** Some event said outright that it has no key, as our own writers do: whatever says nothing has one, then. */
  readonly saysKeyless?: boolean;
  /** @throws HistoryError with the line of what is malformed, and what was expected there. */
  push(piece: string): Iterable<HistoryEvent>;
  /** After the last piece. */
  end(): Iterable<HistoryEvent>;
}

/** A single event longer than this, in characters, is no event of a history. */
export const longestEvent: number = 2 ** 26;

/** Values nested deeper than this are refused: no model wants them, and whoever walks through them needs a stack. */
export const deepestValue: number = 200;
