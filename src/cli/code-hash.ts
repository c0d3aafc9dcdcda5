/** Which code this is: what was measured with one build says nothing of another. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A hash over the names and the contents of all compiled modules below these folders. */
export function codeHash(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const [index, folder] of folders.entries()) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    for (const name of names.toSorted()) {
      const content = readFileSync(join(folder, name));
      hash.update(`${index} ${name.replaceAll(sep, '/')} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

/** That of everything that decides what a simulated run does and how it is judged; not of reports. */
export function builtCode(): string {
  const root = join(dirname(fileURLToPath(new URL('./node.js', import.meta.url))), '..', '..');
  const rooms = ['src', 'systems', 'workloads', 'nemeses'].map((room) => join(root, room));
  return codeHash([...rooms, join(root, '..', 'knossos-ts', 'dist')]);
}
