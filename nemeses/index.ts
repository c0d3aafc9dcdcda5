/** The registry of nemeses: the keys are what `--nemesis` takes. */
import type { Nemesis } from '../src/nemesis/nemesis.ts';
import { kill } from './kill.ts';
import { none } from './none.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';

export const nemeses: { readonly [name: string]: Nemesis } = { kill, none, partition, pause };
