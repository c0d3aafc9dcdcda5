/** How often a run is looked at, and how long each of its phases may wait. */
import { type Duration, milliseconds, seconds } from '../core/time.ts';
import type { Phase } from './progress.ts';

export const tick: Duration = milliseconds(100);
/** Until the cluster serves, people only wait. */
const setupTick = milliseconds(20);

export const tickIn = (phase: Phase): Duration => (phase === 'setup' ? setupTick : tick);

/** Whether nodes are asked for what they are at this tick, counted from 0. */
export const asksIn = (phase: Phase, count: number): boolean => phase === 'setup' || count % 2 === 0;

export const setupLimit: Duration = seconds(15);
export const healLimit: Duration = seconds(60);
export const quiesceLimit: Duration = seconds(15);
export const finalLimit: Duration = seconds(30);
