/** What can be run, by name. The harness is handed it and never imports a registry (src/cli/catalogue.ts does). */
import { unknownName } from '../core/suggest.ts';
import type { Workload } from '../generators/workload.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import type { System } from '../protocol/system.ts';

export type Named<T> = { readonly [name: string]: T };

export interface Catalogue {
  readonly systems: Named<System>;
  readonly workloads: Named<Workload>;
  readonly nemeses: Named<Nemesis>;
}

/** Throws a UsageError that suggests the nearest name. */
export function find<T>(kind: string, name: string, among: Named<T>): T {
  const found = Object.hasOwn(among, name) ? among[name] : undefined;
  if (found === undefined) throw unknownName(kind, name, Object.keys(among));
  return found;
}
