/** Judges a history that comes as a stream, as standard input does. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkFile } from './check-file.ts';
import type { FileAnalysis, FileOptions } from './file-options.ts';

/** As `checkFile`, once the stream has ended. It goes to a file first, since whoever judges may have to read it twice. */
export async function checkStream(input: NodeJS.ReadableStream, options: FileOptions): Promise<FileAnalysis> {
  return withCopy(input, (path) => checkFile(path, options));
}

/** The copy is gone once `work` is done. */
export async function withCopy<T>(input: NodeJS.ReadableStream, work: (path: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'knossos-'));
  try {
    const path = join(folder, 'history');
    await pipeline(input, createWriteStream(path));
    return await work(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
