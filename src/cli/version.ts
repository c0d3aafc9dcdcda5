import { readFileSync } from 'node:fs';

/** From package.json, which lies three folders above the compiled program. */
export function harnessVersion(): string {
  try {
    const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    return (JSON.parse(text) as { readonly version: string }).version;
  } catch {
    return 'unknown';
  }
}
