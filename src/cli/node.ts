/** The program of a node process. Its configuration is its only argument, or comes after it (runtimes/real/node-config.ts). */
import { systems } from '../../systems/index.ts';
import type { System } from '../protocol/system.ts';
import { runNode } from '../runtimes/real/node-program.ts';

const known: ReadonlyMap<string, System> = new Map(Object.entries(systems));

await runNode(process.argv[2] ?? '', (name) => known.get(name));
