/** What a check found, for programs. */
import type { Analysis } from '../verdict.ts';

/** Indented JSON. What JSON has no number for is a text (a large integer) or null (the end of what never returned). */
export const analysisJson = (analysis: Analysis): string =>
  JSON.stringify(analysis, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2);
