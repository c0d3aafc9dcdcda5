import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const knossos = fileURLToPath(new URL('./knossos-ts/src/index.ts', import.meta.url));
const project = (name: string, include: string[], more: object = {}) => ({
  resolve: { alias: { 'knossos-ts': knossos } },
  test: { name, include, testTimeout: 20_000, ...more },
});

/** What needs all of the machine runs when the others have finished, one file after the other. */
const alone = { fileParallelism: false, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    projects: [
      project('knossos-ts', ['knossos-ts/**/*.test.ts']),
      project('unit', ['{src,systems,workloads,nemeses,reports}/**/*.test.ts']),
      project('whole', ['tests/**/*.test.ts'], { testTimeout: 60_000, exclude: ['tests/docker/**'] }),
      project('docker', ['tests/docker/*.test.ts'], { testTimeout: 90_000, ...alone }),
    ],
  },
});
