/** What a check found, for programs. */
import type { Analysis } from '../verdict.ts';
import type { ModelsAnalysis } from '../weak/verdict.ts';

/** Indented JSON. What JSON has no number for is a text (a large integer) or null (the end of what never returned). */
export const analysisJson = (analysis: Analysis | ModelsAnalysis): string => JSON.stringify(analysis, plain, 2);

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
}
