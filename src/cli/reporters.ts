/** The reports, for what shows a run: threads that run seeds, and flags, need the rest of the catalogue alone. */
import { reports } from '../../reports/index.ts';
import type { Reporter } from '../report/reporter.ts';

/** In the order in which they are written. */
export const reporters: { readonly [name: string]: Reporter } = reports;
