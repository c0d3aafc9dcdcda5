/** A node process that runs the ledger of the contract tests, which no registry knows. */
import { runNode } from '../../src/runtimes/real/node-program.ts';
import { ledger } from '../fixtures/ledger.ts';

await runNode(process.argv[2] ?? '', (name) => (name === ledger.name ? ledger : undefined));
