/** The log of a node's process, which the process writes by itself and the harness reads when it has died. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.ts';

const tailLines = 15;
const tailBytes = 16 * 1024;

const logPath = (folder: string): string => join(folder, 'node.log');

/** The last lines of a node's log, indented for the reader. */
export function logTail(folder: string): string {
  try {
    const file = openSync(logPath(folder), 'r');
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, tailBytes));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      const lines = buffer.toString('utf8').trimEnd().split('\n').slice(-tailLines);
      return lines.map((line) => `    ${line}`).join('\n');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return `    (no log: ${messageOf(error)})`;
  }
}

/** Adds a line of the harness, for what the node itself could not say any more. */
export const noteInLog = (folder: string, line: string): void => addToLog(folder, `--- ${line}\n`);

/** Adds what a node has said that cannot write into the file itself. */
export function addToLog(folder: string, text: string | Buffer): void {
  try {
    appendFileSync(logPath(folder), text);
  } catch {
    // The folder may be gone already, or the disk full; a log is not worth a failure.
  }
}
