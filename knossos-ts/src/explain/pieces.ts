/** Runs a search so that whoever asks can stop between its pieces, and ends it after a limit of work. */
import type { Search, SearchResult } from '../engines/search.ts';

const workPerPiece = 20_000;

/** Undefined when it is not decided within so much work. */
export function* inPieces(search: Search, work: number): Generator<void, SearchResult | undefined> {
  while (search.work < work) {
    const result = search.advance(workPerPiece);
    if (result !== undefined) return result;
    yield;
  }
  return undefined;
}
