import { local } from '../../src/environments/local/local.ts';
import { environmentContract } from '../contract/environment-contract.ts';
import { faultContract } from '../contract/fault-contract.ts';
import { ledgerNode } from './programs.ts';

environmentContract('local', () => local(ledgerNode));
faultContract('local', () => local(ledgerNode));
