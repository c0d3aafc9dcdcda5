import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../../', import.meta.url));
const lock = `${root}dist/tests-local.lock`;
/** Milliseconds after which a build that left its lock behind is taken to be dead. */
const longestBuild = 60_000;

/**
 * Compiles the programs of this folder that tests start as processes, and all that they import. Test files run side by
 * side, so one builds and the others wait: a program must not be started while it is being written.
 */
export async function buildPrograms(): Promise<void> {
  while (!isTaken()) await sleep(50);
  try {
    const { failed, stdout } = await execa('npx', ['tsc', '-b', 'tests/local/tsconfig.json'], {
      cwd: root,
      reject: false,
    });
    // Errors in rooms that no test process imports must not hide what these tests tell.
    if (failed && /(^|\n)(tests\/(local|fixtures)|src\/(core|protocol|runtimes|environments))\//.test(stdout))
      throw new Error(`The test programs do not compile:\n${stdout}`);
  } finally {
    rmdirSync(lock);
  }
}

/** Takes the lock, a folder, if it is free. */
function isTaken(): boolean {
  try {
    mkdirSync(`${root}dist`, { recursive: true });
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > longestBuild) rmdirSync(lock);
    return false;
  }
}

export const ledgerNode: URL = new URL('../../dist/tests/local/ledger-node.js', import.meta.url);

export const clusterDriver: URL = new URL('../../dist/tests/local/cluster-driver.js', import.meta.url);

export const diskDriver: URL = new URL('../../dist/tests/local/disk-driver.js', import.meta.url);
