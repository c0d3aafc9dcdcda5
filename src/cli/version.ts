import { readFileSync } from 'node:fs';

/** From package.json, two folders above the compiled and three above this file's own folder in dist. */
export function harnessVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'harness' && version !== undefined) return version;
    } catch {
      // Not there: the compiled program lies one folder deeper than its source.
    }
  }
  return 'unknown';
}
