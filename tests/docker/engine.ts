/** The Docker engine that these tests run on; where none answers they are skipped, and say why. */
import { type Engine, probeEngine } from '../../src/environments/docker/engine.ts';
import { openDocker } from '../../src/environments/docker/docker.ts';
import type { Environment } from '../../src/environments/environment.ts';
import { ledgerNode } from '../local/programs.ts';

const probe = await probeEngine();

/** Null where there is none. */
export const engine: Engine | null = probe.available ? probe : null;

/** Null where there is no engine. Images are built once for all that need them. */
export const ledgers: Environment | null = engine === null ? null : await openDocker(engine, ledgerNode);

if (!probe.available) process.stderr.write(`No tests in containers: ${probe.reason}. ${probe.advice}\n`);
