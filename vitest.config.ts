import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const knossos = fileURLToPath(new URL('./knossos-ts/src/index.ts', import.meta.url));
const project = (name: string, include: string[], more: object = {}) => ({
  resolve: { alias: { 'knossos-ts': knossos } },
  test: { name, include, testTimeout: 20_000, ...more },
});

/**
 * What keeps no state between files, so that each worker loads the modules once and not once a file, which took longer
 * than most of these tests. What a test changes in the environment is put back after it.
 */
const shared = { isolate: false, unstubEnvs: true, maxWorkers: '100%' };
/** What starts programs, which have threads of their own, leaves them a core; vitest does so by itself. */
const programs = { testTimeout: 60_000, sequence: { groupOrder: 1 } };
/** What needs all of the machine runs when the others have finished, one file after the other. */
const alone = { testTimeout: 90_000, fileParallelism: false, sequence: { groupOrder: 2 } };

export default defineConfig({
  test: {
    projects: [
      project('knossos-ts', ['knossos-ts/**/*.test.ts'], shared),
      project('unit', ['{src,systems,workloads,nemeses,reports}/**/*.test.ts'], shared),
      project('whole', ['tests/**/*.test.ts'], { exclude: ['tests/docker/**'], ...programs }),
      project('docker', ['tests/docker/*.test.ts'], alone),
    ],
  },
});
