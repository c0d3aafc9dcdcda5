/**
 * The history as it happens. Lines go to the sink in batches, so that an operation costs no system call; a harness
 * that is killed loses at most the last batch, and may tear its last line.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type HistoryEvent, formatJsonLine } from 'knossos-ts';

export interface JournalSink {
  write(text: string): void;
  close(): void;
}

/** Events come without their index: the journal numbers them. */
export type JournalEntry = Omit<HistoryEvent, 'index'>;

const batchLines = 512;

export class Journal implements Disposable {
  readonly #events: HistoryEvent[] = [];
  readonly #sink: JournalSink | null;
  #written = 0;

  /** Without a sink the history is kept in memory only, as in a batch of simulated runs. */
  constructor(sink: JournalSink | null) {
    this.#sink = sink;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  append(entry: JournalEntry): void {
    this.#events.push({ index: this.#events.length, ...entry });
    if (this.#events.length - this.#written >= batchLines) this.flush();
  }

  /** Hands everything to the sink. On real environments called about every 100 ms. */
  flush(): void {
    const from = this.#written;
    this.#written = this.#events.length;
    if (this.#sink === null || from === this.#written) return;
    let text = '';
    for (let index = from; index < this.#written; index++) {
      text += `${formatJsonLine(this.#events[index] as HistoryEvent)}\n`;
    }
    this.#sink.write(text);
  }

  [Symbol.dispose](): void {
    this.flush();
    this.#sink?.close();
  }
}

export function fileSink(path: string): JournalSink {
  const file = openSync(path, 'a');
  return { write: (text) => writeWhole(file, Buffer.from(text)), close: () => closeSync(file) };
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
