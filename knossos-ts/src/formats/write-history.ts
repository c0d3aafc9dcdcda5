import type { HistoryEvent } from '../history/operation.ts';
import { formats } from './catalogue.ts';
import type { FormatName } from './format.ts';

/**
 * The text of a history, line by line and without line ends. The logs of Porcupine have neither indices nor times, and
 * no way to say what is not theirs.
 */
export const formatHistory = (events: Iterable<HistoryEvent>, format: FormatName): Iterable<string> =>
  formats[format].write(events);
