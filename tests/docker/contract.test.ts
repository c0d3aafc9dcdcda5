import { expect, test } from 'vitest';
import type { Environment } from '../../src/environments/environment.ts';
import { environmentContract } from '../contract/environment-contract.ts';
import { faultContract } from '../contract/fault-contract.ts';
import { ledgers } from './engine.ts';

test.skipIf(ledgers === null)('there is a Docker engine to keep the contract of environments on', () => {
  expect(ledgers?.name).toBe('docker');
});

if (ledgers !== null) {
  const environment = (): Environment => ledgers as Environment;
  environmentContract('docker', environment);
  faultContract('docker', environment, 'the wall clock');
}
