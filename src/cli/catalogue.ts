/** The only importer of the four registries: what the harness is handed, and what `list` and `--help` show. */
import { nemeses } from '../../nemeses/index.ts';
import { reports } from '../../reports/index.ts';
import { systems } from '../../systems/index.ts';
import { workloads } from '../../workloads/index.ts';
import type { Catalogue } from '../harness/catalogue.ts';
import type { Reporter } from '../report/reporter.ts';

export const catalogue: Catalogue = { systems, workloads, nemeses };

/** In the order in which they are written. */
export const reporters: { readonly [name: string]: Reporter } = reports;
