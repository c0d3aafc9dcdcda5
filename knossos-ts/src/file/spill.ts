/**
 * Parts of a history in temporary files, each of which holds some keys and fits into memory. They are deleted when the
 * spill is disposed of.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filePieces } from '../formats/history-file.ts';
import { formatJsonLine, parseJsonLinesFrom } from '../formats/json-lines.ts';
import type { HistoryEvent } from '../history/operation.ts';

/** So many bytes are gathered before they are written. */
const pageBytes = 2 ** 16;

interface Bucket {
  readonly path: string;
  readonly file: number;
  /** Bytes and not texts, of which millions would live just long enough to be in the garbage collector's way. */
  page: Buffer;
  used: number;
}

export class Spill implements Disposable {
  readonly #folder: string;
  readonly #buckets: Bucket[] = [];

  /** `folder`: where the temporary folder is made. */
  constructor(count: number, folder: string = tmpdir()) {
    this.#folder = mkdtempSync(join(folder, 'knossos-'));
    for (let number = 0; number < count; number++) {
      const path = join(this.#folder, `${number}.jsonl`);
      this.#buckets.push({ path, file: openSync(path, 'w'), page: Buffer.allocUnsafeSlow(pageBytes), used: 0 });
    }
  }

  /** How many bytes it took. */
  write(number: number, event: HistoryEvent): number {
    const bucket = this.#bucket(number);
    const line = `${formatJsonLine(event)}\n`;
    // No character takes more than three bytes for each of its parts.
    const most = line.length * 3;
    if (bucket.used + most > bucket.page.length) flush(bucket);
    if (most > bucket.page.length) bucket.page = Buffer.allocUnsafeSlow(most);
    const written = bucket.page.write(line, bucket.used);
    bucket.used += written;
    return written;
  }

  /** Before anything is read. */
  finish(): void {
    for (const bucket of this.#buckets) {
      flush(bucket);
      closeSync(bucket.file);
    }
  }

  read(number: number): Iterable<HistoryEvent> {
    return parseJsonLinesFrom(filePieces(this.#bucket(number).path));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #bucket(number: number): Bucket {
    const bucket = this.#buckets[number];
    if (bucket === undefined) throw new Error(`There is no bucket ${number}`);
    return bucket;
  }
}

function flush(bucket: Bucket): void {
  // A disk that is nearly full takes less than it is given.
  for (let at = 0; at < bucket.used;) at += writeSync(bucket.file, bucket.page, at, bucket.used - at);
  bucket.used = 0;
}
