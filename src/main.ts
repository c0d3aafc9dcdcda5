/** The entry of the command line; bin/harness calls it. */
export { guardProcess, main } from './cli/main.ts';
