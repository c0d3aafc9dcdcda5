/**
 * How long the harness waits for replicas to agree. "Eventually" has no bound, but a run must end: so a system whose
 * options make it slow says how long it may take, and is waited for that long. Where that is more than anybody would
 * wait, replicas that still differ prove nothing. Beyond that, a replica that still comes to something new is waited for.
 */
import { type Duration, seconds } from '../core/time.ts';
import type { Claim } from '../protocol/system.ts';

/** For what says nothing of its own, or less. */
const ordinary = seconds(30);
export const longestWait: Duration = seconds(300);

/** What the claims say of so many keys. */
export const convergesWithin = (claims: readonly Pick<Claim, 'convergesWithin'>[], keys: number): Duration =>
  Math.max(ordinary, ...claims.map((claim) => claim.convergesWithin?.(keys) ?? 0)) as Duration;

export const waitFor = (within: Duration): Duration => Math.min(within, longestWait) as Duration;

/** Whether replicas that differ at the end of the wait have broken the claim. */
export const isWaitedFor = (within: Duration): boolean => within <= longestWait;
