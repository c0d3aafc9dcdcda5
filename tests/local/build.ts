import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** Compiles the programs of this folder that tests start as processes, and all that they import. */
export async function buildPrograms(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { failed, stdout } = await execa('npx', ['tsc', '-b', 'tests/local/tsconfig.json'], {
    cwd: root,
    reject: false,
  });
  // Errors in rooms that no test process imports must not hide what these tests tell.
  if (failed && /(^|\n)(tests\/local|tests\/fixtures|src\/(core|protocol|runtimes|environments))/.test(stdout))
    throw new Error(`The test programs do not compile:\n${stdout}`);
}

export const ledgerNode: URL = new URL('../../dist/tests/local/ledger-node.js', import.meta.url);
