/**
 * A node's durable log in one file. An append is a write and an fdatasync; a replacement is written beside the log,
 * synced, renamed over it, and the folder synced, so that a crash leaves wholly the old or wholly the new one (the
 * usual recipe; see Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
 */
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant } from '../../core/errors.ts';
import type { DiskWrite, NodeDisk } from '../../protocol/node-runtime.ts';
import { DamagedLogError, frameRecord, readRecords } from '../../protocol/record-log.ts';

export interface OpenedDisk {
  readonly disk: RealDisk;
  /** What survived the last life, as JSON texts. */
  readonly records: readonly string[];
  /** Bytes of a torn tail that were cut off. */
  readonly cut: number;
}

export class RealDisk implements NodeDisk {
  readonly #directory: string;
  #log: FileHandle;
  #busy = false;

  private constructor(directory: string, log: FileHandle) {
    this.#directory = directory;
    this.#log = log;
  }

  /** Opens or creates the log in the folder and cuts off a torn tail. Throws DamagedLogError on any other damage. */
  static async open(directory: string): Promise<OpenedDisk> {
    await mkdir(directory, { recursive: true });
    await rm(nextPath(directory), { force: true });
    const path = logPath(directory);
    const log = await open(path, 'a');
    try {
      const bytes = await readFile(path);
      const text = bytes.toString('utf8');
      const { records, validLength, torn } = readRecordsOf(path, text);
      // A torn character decodes into something of another length, but only behind what is valid.
      const valid = torn ? Buffer.byteLength(text.slice(0, validLength)) : bytes.length;
      if (torn) await log.truncate(valid);
      await log.sync();
      await syncDirectory(directory);
      return { disk: new RealDisk(directory, log), records, cut: bytes.length - valid };
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  flush(write: DiskWrite, done: (error: Error | null) => void): void {
    invariant(!this.#busy, () => 'a flush was asked for while another one was in progress');
    this.#busy = true;
    const answer = (error: Error | null): void => {
      this.#busy = false;
      done(error);
    };
    // `done` runs outside of the promise, so that a throw in it is not taken for a failed write.
    this.#perform(write).then(
      () => process.nextTick(answer, null),
      (error: unknown) => process.nextTick(answer, error instanceof Error ? error : new Error(String(error))),
    );
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  async #perform({ kind, records }: DiskWrite): Promise<void> {
    const text = records.map(frameRecord).join('');
    if (kind === 'append') {
      await this.#log.appendFile(text);
      await this.#log.datasync();
      return;
    }
    const next = await open(nextPath(this.#directory), 'w');
    await next.writeFile(text);
    await next.sync();
    await rename(nextPath(this.#directory), logPath(this.#directory));
    await syncDirectory(this.#directory);
    const old = this.#log;
    this.#log = next;
    await old.close();
  }
}

const logPath = (directory: string): string => join(directory, 'log');
const nextPath = (directory: string): string => join(directory, 'log.next');

function readRecordsOf(path: string, text: string): ReturnType<typeof readRecords> {
  try {
    return readRecords(text);
  } catch (error) {
    if (error instanceof DamagedLogError) throw new DamagedLogError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
