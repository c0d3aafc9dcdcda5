import { simulation } from '../../src/environments/simulation/simulation.ts';
import { environmentContract } from './environment-contract.ts';
import { faultContract } from './fault-contract.ts';

environmentContract('simulation', () => simulation({ breath: 1 }));
faultContract('simulation', () => simulation({ breath: 1 }));
