import { simulation } from '../../src/environments/simulation/simulation.ts';
import { environmentContract } from './environment-contract.ts';

environmentContract('simulation', () => simulation({ breath: 1 }));
