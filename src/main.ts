/** The entry of the command line; bin/harness calls it. */
export { main } from './cli/main.ts';
