/** Reads histories in EDN: maps one after the other, or one list of maps. */
import { EdnMap, Keyword, Tagged, type Edn } from './edn-forms.ts';
import { EndOfText, readEdn } from './edn-text.ts';
import { valueOf, writeEdn } from './edn-values.ts';
import { formatEdnLines } from './edn-output.ts';
import { FormCutter, refuseMore, type Cut } from './form-cutter.ts';
import { longestEvent, type EventReader, type Format, type FormatOptions } from './format.ts';
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { excerpt } from './excerpt.ts';
import { JepsenEvents, jepsenFields, type JepsenMap } from './jepsen-events.ts';
import { tooLong } from './text-lines.ts';

export const edn: Format = {
  title: 'EDN maps, as Jepsen and Knossos have them',
  read: (options) => new EdnReader(options),
  write: formatEdnLines,
};

/**
 * The text holds maps one after the other, or one list of maps. A missing `:index` is the position of the event, a
 * missing `:time` the index.
 * @throws HistoryError with the line of the first thing that is not an event.
 */
export function parseEdn(text: string, options: FormatOptions = {}): HistoryEvent[] {
  const reader = new EdnReader(options);
  const events = [...reader.push(text), ...reader.end()];
  if (reader.torn !== undefined) throw reader.torn;
  return events;
}

class EdnReader implements EventReader {
  readonly #cutter = new FormCutter({ hasComments: true });
  readonly #events: JepsenEvents;
  /** A discarded form may be followed by another one that belongs to it. */
  #pending: Cut | undefined;
  line = 0;
  torn: Error | undefined;

  constructor(options: FormatOptions) {
    this.#events = new JepsenEvents(options, (name) => `:${name}`);
  }

  get saysKeyless(): boolean {
    return this.#events.saysKeyless;
  }

  *push(piece: string): Generator<HistoryEvent> {
    for (const cut of this.#cutter.push(piece)) {
      const whole = this.#pending === undefined ? cut : { ...this.#pending, text: this.#pending.text + cut.text };
      if (whole.text.length > longestEvent) throw tooLong(whole.line);
      const forms = this.#forms(whole);
      this.#pending = forms === undefined ? whole : undefined;
      yield* this.#read(forms ?? [], cut);
    }
  }

  /**
   * What lacks its end was torn off, when it is in the last line. Otherwise a bracket is missing far above, and what
   * follows it must not be dropped.
   */
  *end(): Generator<HistoryEvent> {
    const cut = this.#cutter.end();
    const { line, isOpen } = cut;
    const rest = this.#pending === undefined ? cut : { ...this.#pending, text: this.#pending.text + cut.text };
    try {
      yield* this.#read(readEdn(rest.text, rest.line), cut);
      if (isOpen) throw new EndOfText(`Line ${line}: expected ] for the list, found the end of the text`, { line });
    } catch (error) {
      if (!(error instanceof HistoryError) || !isOpen || rest.text.trim().includes('\n')) throw error;
      this.torn = error;
    }
  }

  #forms({ text, line }: Cut): Edn[] | undefined {
    try {
      return readEdn(text, line);
    } catch (error) {
      if (error instanceof EndOfText && text.includes('#')) return undefined;
      throw error;
    }
  }

  *#read(forms: readonly Edn[], cut: Cut): Generator<HistoryEvent> {
    for (const form of forms) {
      refuseMore(cut);
      const inner = withoutTag(form);
      if (Array.isArray(inner)) yield* this.#read(inner as readonly Edn[], cut);
      else if (inner instanceof EdnMap) {
        this.line = inner.line;
        yield this.#events.event(fieldsOf(inner));
      } else throw notAMap(inner, cut);
    }
  }
}

function notAMap(form: Edn, { text, line }: Cut): HistoryError {
  const at = line + ((/^\s*/.exec(text) ?? [''])[0].split('\n').length - 1);
  const shown = excerpt(writeEdn(valueOf(form)));
  return new HistoryError(`Line ${at}: expected a map such as {:process 0, :type :invoke, ...}, found ${shown}`, {
    line: at,
  });
}

/** Jepsen tags its operations: `#jepsen.history.Op{...}`. */
const withoutTag = (form: Edn): Edn => (form instanceof Tagged ? withoutTag(form.form) : form);

function fieldsOf({ entries, line }: EdnMap): JepsenMap {
  const fields: { [name: string]: Value } & JepsenMap = { line };
  for (const [key, form] of entries) {
    if (!(key instanceof Keyword) || !jepsenFields.has(key.name)) continue;
    fields[key.name] = valueOf(form instanceof Tagged && isTuple(form) ? form.form : form);
  }
  return fields;
}

/** Some versions of jepsen.independent tag their pairs. */
const isTuple = ({ tag }: Tagged): boolean => /(^|[./])tuple$/i.test(tag);
