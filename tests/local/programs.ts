/** The programs of tests/fixtures that tests start as processes, as `npm run build` compiles them. */
const compiled = (name: string): URL => new URL(`../../dist/tests/fixtures/${name}.js`, import.meta.url);

/** What the nodes of every system in the catalogue run. */
export const bundle: URL = new URL('../../dist/src/cli/node-bundle.js', import.meta.url);

export const ledgerNode: URL = compiled('ledger-node');

export const clusterDriver: URL = compiled('cluster-driver');

export const containerDriver: URL = compiled('container-driver');

export const diskDriver: URL = compiled('disk-driver');
