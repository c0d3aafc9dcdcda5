import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const knossos = fileURLToPath(new URL('./knossos-ts/src/index.ts', import.meta.url));
const project = (name: string, include: string[], testTimeout = 20_000) => ({
  resolve: { alias: { 'knossos-ts': knossos } },
  test: { name, include, testTimeout },
});

export default defineConfig({
  test: {
    projects: [
      project('knossos-ts', ['knossos-ts/**/*.test.ts']),
      project('unit', ['{src,systems,workloads,nemeses,reports}/**/*.test.ts']),
      project('whole', ['tests/**/*.test.ts'], 60_000),
    ],
  },
});
