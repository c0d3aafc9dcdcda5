/** The registry of nemeses: the keys are what `--nemesis` takes. */
import type { Nemesis } from '../src/nemesis/nemesis.ts';
import { clock } from './clock.ts';
import { disk } from './disk.ts';
import { kill } from './kill.ts';
import { membership } from './membership.ts';
import { none } from './none.ts';
import { packets } from './packets.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';

export const nemeses: { readonly [name: string]: Nemesis } = {
  clock,
  disk,
  kill,
  membership,
  none,
  packets,
  partition,
  pause,
};
