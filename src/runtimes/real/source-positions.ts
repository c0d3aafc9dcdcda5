/** A compiled program says where in itself it threw; people want to know where in the sources. */
import { readFileSync } from 'node:fs';
import type { SourceMapPayload, SourceOrigin } from 'node:module';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Replaces the positions in a stack by those in the sources, from the package's root, for files with a map beside them. */
export function inSources(stack: string): string {
  const maps = new Map<string, SourceMap | null>();
  return stack.replace(/(file:\/\/[^\s()]+):(\d+):(\d+)/g, (position, url: string, line: string, column: string) => {
    if (!maps.has(url)) maps.set(url, mapOf(url));
    const origin: Partial<SourceOrigin> = maps.get(url)?.findOrigin(Number(line), Number(column)) ?? {};
    if (origin.fileName === undefined) return position;
    return `${origin.fileName.replace(/^(?:\.\.\/)+/, '')}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

function mapOf(url: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    // Without a map, or with half of one, the position in the program has to do.
    return null;
  }
}
