/**
 * Finds out which notation a history is in, by its beginning. EDN and JSON do not say whether their values are
 * `[key value]`: an operation that takes no input, as a read does, tells, and so does a cas.
 */
import { formats } from './catalogue.ts';
import type { FormatName } from './format.ts';
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { isList } from '../history/value.ts';
import { isTransaction } from './jepsen-events.ts';
import { excerpt } from './excerpt.ts';
import { withoutMark } from './text-lines.ts';

/** So much of the beginning, in characters, is looked at. */
export const enoughToDetect: number = 2 ** 18;

/** @throws HistoryError when it is none that we know. */
export function detectFormat(beginning: string): FormatName {
  const text = withoutMark(beginning).trimStart();
  if (/^(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s+\S+\s+-\s/.test(text)) return 'porcupine-jepsen';
  const bare = text.replace(/^(\s+|;[^\n]*(\n|$)|[[(])+/, '');
  if (bare === '' || /^[\])]/.test(bare)) return text.startsWith('[') ? 'json' : text.startsWith('(') ? 'edn' : 'jsonl';
  if (/^\{\s*"/.test(bare) || /^\{\s*\}/.test(bare)) return !text.startsWith('[') && hasKeys(bare) ? 'jsonl' : 'json';
  if (/^(\{\s*:process \d+, :type :\w+, :f :\w+, :key )/.test(bare)) return 'porcupine-kv';
  if (/^[{#^]/.test(bare)) return 'edn';
  throw new HistoryError(
    `Line 1: expected a history (${Object.keys(formats).join(', ')}), found ${excerpt(text.split('\n', 1)[0] ?? '')}`,
    { line: 1 },
  );
}

/** Our own lines always have a key, which those of Jepsen's tools have in their values. */
const hasKeys = (text: string): boolean => /^[^\n]*"key"\s*:/.test(text) || !text.includes('\n');

/** Whether values are `[key value]`, as far as a beginning shows; undefined when it does not. */
export function detectIndependent(name: FormatName, beginning: string): boolean | undefined {
  if (name !== 'edn' && name !== 'json') return undefined;
  // Read as one object, nothing is refused, and values stay as they are written.
  const reader = formats[name].read({ independent: false });
  const isAboutOne: (boolean | undefined)[] = [];
  try {
    for (const event of reader.push(beginning)) isAboutOne.push(tells(event));
    for (const event of reader.end()) isAboutOne.push(tells(event));
  } catch {
    // Whoever reads the whole text says what is wrong with it.
  }
  // Where both are shown, the reader refuses what is no pair, which is better than to judge pairs as values.
  if (isAboutOne.includes(false)) return true;
  return isAboutOne.includes(true) ? false : undefined;
}

/** True: the event is about the one object; false: it has a key. */
function tells({ process, type, f, value, key }: HistoryEvent): boolean | undefined {
  if (process === 'nemesis' || key !== null) return undefined;
  // What has no input has nil for its value, or the key and nil.
  if (type !== 'invoke') return undefined;
  if (f === 'txn') return isTransaction(value);
  if (!isPair(value)) return true;
  if (f === 'cas') return !isPair(value[1]);
  return value[1] === null ? false : undefined;
}

const isPair = (value: Value): value is readonly [Value, Value] => isList(value) && value.length === 2;
