import { beforeAll } from 'vitest';
import { local } from '../../src/environments/local/local.ts';
import { environmentContract } from '../contract/environment-contract.ts';
import { buildPrograms, ledgerNode } from './build.ts';

beforeAll(buildPrograms, 60_000);

environmentContract('local', () => local(ledgerNode));
