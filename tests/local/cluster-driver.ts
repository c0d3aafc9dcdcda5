/** A harness that deploys a cluster, stops one node, says what it has started, and then waits to be killed. */
import { nodeNames } from '../../src/core/ids.ts';
import { local } from '../../src/environments/local/local.ts';
import type { LocalCluster } from '../../src/environments/local/local-cluster.ts';
import { ledger } from '../fixtures/ledger.ts';

const nodes = nodeNames(3);
const deployment = { system: ledger, options: { bug: null, values: {} }, bug: null, nodes, seed: 1, directory: null };
const cluster = (await local(new URL('./ledger-node.js', import.meta.url)).deploy(
  deployment,
  new AbortController().signal,
)) as LocalCluster;
cluster.faults.begin(1, { kind: 'pause', nodes: nodes.slice(0, 1) }, (answer) => {
  process.stdout.write(`${JSON.stringify({ pids: [...cluster.pids().values(), cluster.supervisor], answer })}\n`);
});
