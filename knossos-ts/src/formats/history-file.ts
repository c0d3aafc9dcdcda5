/** The text of a file in pieces, read as they are asked for. */
import { closeSync, openSync, readSync } from 'node:fs';
import { TextDecoder } from 'node:util';

const pieceBytes = 2 ** 20;

/** UTF-8; what is not valid there becomes U+FFFD. The file is open while the pieces are taken. */
export function* filePieces(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const bytes = Buffer.allocUnsafe(pieceBytes);
    for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
      yield decoder.decode(bytes.subarray(0, length), { stream: true });
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
