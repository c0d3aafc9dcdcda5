/**
 * Histories of Jepsen's tools in JSON, as elle-cli takes them: the maps of Jepsen with texts for keywords, one after
 * the other or in one list. Transactions are lists such as `["append", 3, 1]`. Whole numbers are exact.
 */
import { excerpt } from './excerpt.ts';
import { FormCutter, refuseMore, type Cut } from './form-cutter.ts';
import { deepestValue, type EventReader, type Format, type FormatOptions } from './format.ts';
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { isList } from '../history/value.ts';
import { JepsenEvents, nameOf } from './jepsen-events.ts';
import { asJepsen, withInvocations } from './jepsen-output.ts';
import { isTooDeep, readJson, writeJson } from './json-text.ts';

export const json: Format = {
  title: "a JSON list of Jepsen's maps, as elle-cli takes it",
  read: (options) => new JsonReader(options),
  write: formatJson,
};

class JsonReader implements EventReader {
  readonly #cutter = new FormCutter({ hasComments: false });
  readonly #events: JepsenEvents;
  line = 0;
  torn: Error | undefined;

  constructor(options: FormatOptions) {
    this.#events = new JepsenEvents(options, (name) => JSON.stringify(name));
  }

  get saysKeyless(): boolean {
    return this.#events.saysKeyless;
  }

  *push(piece: string): Generator<HistoryEvent> {
    for (const cut of this.#cutter.push(piece)) yield this.#event(cut);
  }

  // oxlint-disable-next-line require-yield -- what comes at the end of this notation is no event any more
  *end(): Generator<HistoryEvent> {
    const cut = this.#cutter.end();
    const text = beginning(cut);
    const { line } = text;
    if (cut.isOpen) {
      this.torn = new HistoryError(`Line ${line}: expected ] or }, found the end of the text`, { line });
      // A bracket is missing far above, and what follows it must not be dropped.
      if (text.text.includes('\n')) throw this.torn;
    } else if (text.text !== '') throw notAnObject(text);
  }

  #event(cut: Cut): HistoryEvent {
    const form = beginning(cut);
    refuseMore(form);
    const parsed = readJson(form.text);
    const value = parsed?.value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject(form);
    const { line } = form;
    if (isTooDeep(value)) {
      throw new HistoryError(`Line ${line}: expected values nested at most ${deepestValue} deep`, { line });
    }
    this.line = line;
    return this.#events.event({ ...(value as { readonly [name: string]: Value }), line });
  }
}

const notAnObject = ({ text, line }: Cut): HistoryError =>
  new HistoryError(
    `Line ${line}: expected a JSON object such as {"process": 0, "type": "invoke", ...}, found ${excerpt(text)}`,
    { line },
  );

/** Without the space and the comma before it. */
function beginning(cut: Cut): Cut {
  const { text } = cut;
  if (text.startsWith('{')) return cut;
  const [before = ''] = /^[\s,]*/.exec(text) ?? [];
  return { ...cut, text: cut.text.slice(before.length).trimEnd(), line: cut.line + before.split('\n').length - 1 };
}

function* formatJson(events: Iterable<HistoryEvent>): Generator<string> {
  let last: string | undefined;
  for (const [event, invocation] of withInvocations(events)) {
    if (last !== undefined) yield `${last},`;
    const { index, time, process, node } = event;
    const { type, f, value, key, error, result } = asJepsen(event, invocation);
    const fields: { readonly [name: string]: Value } = {
      index,
      time,
      process,
      type,
      f,
      value,
      ...(key === undefined ? {} : { key }),
      ...(result === undefined ? {} : { result }),
      ...(error === undefined ? {} : { error: plainCode(error) }),
      ...(node === undefined ? {} : { node }),
    };
    last = `${last === undefined ? '[' : ' '}${writeJson(fields)}`;
  }
  yield last === undefined ? '[]' : `${last}]`;
}

/** `["precondition-failed", 4]`: JSON has no keywords. */
const plainCode = (error: Value): Value =>
  isList(error) ? error.map((part, at) => (at === 0 ? (nameOf(part) ?? part) : part)) : error;
