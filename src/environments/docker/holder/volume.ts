import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CollectedFile } from './requests.ts';

/** The text is in the file wholly, or not at all. */
export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.next`, text);
  renameSync(`${path}.next`, path);
}

/** The files in a folder, without the content of those that do not fit into `most` bytes; none where there is no folder. */
export function collect(folder: string, most: number): readonly CollectedFile[] {
  let left = most;
  const files: CollectedFile[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const { size } = statSync(path);
    const fits = size <= left;
    if (fits) left -= size;
    files.push({ name, bytes: size, base64: fits ? readFileSync(path).toString('base64') : null });
  }
  return files;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
