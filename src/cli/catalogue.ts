/** The importer of the registries of what can be run: what the harness is handed, and what `list` and `--help` show. */
import { nemeses } from '../../nemeses/index.ts';
import { systems } from '../../systems/index.ts';
import { workloads } from '../../workloads/index.ts';
import type { Catalogue } from '../harness/catalogue.ts';

export const catalogue: Catalogue = { systems, workloads, nemeses };
