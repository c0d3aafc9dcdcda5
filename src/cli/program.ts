import { basename, isAbsolute, relative } from 'node:path';

/** How the user called the harness, so that a printed command can be run as it stands: `./bin/harness`, or `harness`. */
export function programName(called: string = process.argv[1] ?? 'harness', cwd: string = process.cwd()): string {
  const path = relative(cwd, called);
  return path.startsWith('..') || isAbsolute(path) ? basename(called) : `./${path}`;
}
