/**
 * Finds out which notation a history is in, by its beginning. EDN and JSON do not say whether their values are
 * `[key value]`: an operation that takes no input, as a read does, tells, and so does a cas.
 */
import { formats } from './catalogue.ts';
import type { FormatName } from './format.ts';
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { isList, showValue } from '../history/value.ts';
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

/**
 * Whether values are `[key value]`, as far as a beginning shows; undefined when it does not. Our own writers say of each
 * event without a key that it has none, so that all others have one.
 * @throws HistoryError where pairs stand beside transactions and nothing shows what they are.
 */
export function detectIndependent(name: FormatName, beginning: string): boolean | undefined {
  if (name !== 'edn' && name !== 'json') return undefined;
  // Read as one object, nothing is refused, and values stay as they are written.
  const reader = formats[name].read({ independent: false });
  const events: HistoryEvent[] = [];
  try {
    for (const event of reader.push(beginning)) events.push(event);
    for (const event of reader.end()) events.push(event);
  } catch {
    // Whoever reads the whole text says what is wrong with it.
  }
  if (reader.saysKeyless === true) return true;
  const invoked = events.filter(({ process, type, key }) => process !== 'nemesis' && type === 'invoke' && key === null);
  // A transaction names its keys itself, and tells nothing about the others.
  const plain = invoked.filter(({ f, value }) => f !== 'txn' || !isTransaction(value));
  const isAboutOne = plain.map(tells);
  // Where both are shown, the reader refuses what is no pair, which is better than to judge pairs as values.
  if (isAboutOne.includes(false)) return true;
  if (isAboutOne.includes(true)) return false;
  const [pair] = plain;
  if (pair !== undefined && plain.length < invoked.length) throw ambiguous(pair);
  return undefined;
}

/** Both readings are plausible beside transactions, and they have different verdicts. */
const ambiguous = ({ f, value }: HistoryEvent): HistoryError =>
  new HistoryError(
    `The ${f} of ${showValue(value).slice(0, 60)} may be one on a key or one of a pair, and nothing else in the beginning tells: ` +
      'say "independent: true" (--independent) for [key value], or "independent: false" (--no-independent)',
  );

/** Of an invocation. True: it is about the one object; false: it has a key. */
function tells({ f, value }: HistoryEvent): boolean | undefined {
  // What has no input has nil for its value, or the key and nil.
  if (!isPair(value)) return true;
  if (f === 'txn') return false;
  if (f === 'cas') return !isPair(value[1]);
  return value[1] === null ? false : undefined;
}

const isPair = (value: Value): value is readonly [Value, Value] => isList(value) && value.length === 2;
