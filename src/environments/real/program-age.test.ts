import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertFresh } from './program-age.ts';

let root: string;
let bundle: string;
/** Seconds since 1970. */
const write = (path: string, text: string, changedAt: number): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), changedAt, changedAt);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bundle-'));
  bundle = join(root, 'dist/src/cli/node-bundle.js');
  const sources = ['../../../systems/raft/step.ts', '../../../node_modules/valibot/dist/index.mjs'];
  write('dist/systems/raft/step.js', '', 1_000);
  write('node_modules/valibot/dist/index.mjs', '', 2_000);
  write('dist/src/cli/node-bundle.js', '', 1_000);
  write('dist/src/cli/node-bundle.js.map', JSON.stringify({ sources }), 1_000);
});
afterEach(() => rmSync(root, { recursive: true }));

test('a bundle that is as old as its modules is fresh, whatever has become of packages and of others', () => {
  write('dist/src/report/page.js', '', 2_000);
  expect(() => assertFresh(bundle)).not.toThrow();
});

test('a bundle that is older than one of its modules is refused by name', () => {
  write('dist/systems/raft/step.js', '', 1_001);
  expect(() => assertFresh(bundle)).toThrow(
    `Nodes would run old code: ${bundle} is older than ${join(root, 'dist/systems/raft/step.js')}. Compile again: npm run build.`,
  );
});

test('a bundle that was never made is refused', () => {
  rmSync(bundle);
  expect(() => assertFresh(bundle)).toThrow(`${bundle} is not there. Compile first: npm run build.`);
});
