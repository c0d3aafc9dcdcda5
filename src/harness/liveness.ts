/**
 * The second half of a promise: not only does nothing wrong happen, something right does. A healthy set of nodes that
 * a claim names is left alone for good; the rest is broken and stays so. What the claim promises under exactly these
 * nodes must then succeed, for clients at every one of them, within a deadline. The two phases are those of
 * TigerBeetle's simulator (VOPR: first safety under faults, then liveness of a core).
 *
 * The deadline is what the claim says of its recovery, and twelve times more what an operation waits at most, since
 * the clients come by at their own pace. One that is stuck stays stuck however long it is watched. The phase ends as soon
 * as all is met, mostly in a second or two, so that only a failure takes all that time. Where nothing is said, as of
 * timeouts that the network itself outlasts, or in weather that is not to be borne, what is missing makes the run
 * inconclusive: what is not promised cannot be broken.
 */
import type { NodeId } from '../core/ids.ts';
import { seeded } from '../core/random.ts';
import type { Duration, Instant } from '../core/time.ts';
import { inSeconds, milliseconds, nanoseconds, plus, seconds } from '../core/time.ts';
import type { World } from '../environments/environment.ts';
import type { Faults } from '../environments/faults.ts';
import type { Call } from '../protocol/client.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import type { Breaking } from './breaking.ts';
import { type Breakage, type Candidates, type HealthySet, drawBreakage, drawHealthy } from './healthy-set.ts';
import type { Mark } from './marks.ts';
import { writtenBy } from './observed.ts';
import type { EndedOperation } from './operations.ts';
import { type Test, claimsOf } from './plan.ts';
import { type Recovery, recoveryOf } from './recovery.ts';

export interface LivenessPlan {
  readonly test: Test;
  readonly nodes: readonly NodeId[];
  readonly faults: Pick<Faults, 'begin' | 'end'>;
  readonly breaking: Pick<Breaking, 'active' | 'stop' | 'unhealed'>;
  readonly world: Pick<World, 'now' | 'after'>;
  readonly mark: (mark: Mark) => void;
}

interface Demand {
  /** Null: at any of the healthy nodes. */
  readonly node: NodeId | null;
  readonly f: string;
  met: boolean;
  /** Operations that began in the phase and did not end well. */
  tried: number;
  lastError: string;
}

/** The faults of the schedule count from 1. */
const firstFault = 1_000_001;
const prepareLimit = seconds(60);
const quiet = milliseconds(1500);

/** Where nothing is promised: long enough to see that nothing comes. */
const unpromisedLimit = seconds(30);
/** How many operations a client may have to give up, and still is not late. */
const operationsGivenUp = 12;

const limitOf = (recovery: Recovery, operationTimeout: Duration): Duration =>
  nanoseconds(
    (recovery.kind === 'promised' ? recovery.within : unpromisedLimit) + operationsGivenUp * operationTimeout,
  );

export class Liveness {
  readonly #plan: LivenessPlan;
  readonly #healthy: readonly NodeId[];
  readonly #demands: readonly Demand[];
  readonly #broken: readonly (Breakage & { readonly id: number })[];
  readonly #recovery: Recovery;
  readonly #limit: Duration;
  #deadline: Instant;
  /** Since when the healthy nodes are left alone and the rest is broken; null before. */
  #aloneSince: Instant | null = null;

  /** Null when the plan does not ask for the phase, or no claim promises anything. */
  static of(plan: LivenessPlan): Liveness | null {
    if (!plan.test.plan.liveness) return null;
    const random = seeded(plan.test.plan.seed).fork('liveness');
    const candidates = candidatesOf(plan);
    const healthy = drawHealthy(candidates, random);
    if (healthy !== null) return new Liveness(plan, healthy, drawBreakage(candidates, healthy.nodes, random));
    plan.mark({ mark: 'note', text: 'No claim promises progress, so there was no liveness phase.' });
    return null;
  }

  private constructor(plan: LivenessPlan, { nodes, promised }: HealthySet, breakage: readonly Breakage[]) {
    const { concurrency, operationTimeout } = plan.test.plan;
    this.#plan = plan;
    this.#healthy = nodes;
    this.#recovery = recoveryOf(plan.test);
    this.#limit = limitOf(this.#recovery, operationTimeout);
    this.#deadline = plus(plan.world.now(), prepareLimit);
    // Clients stay at their nodes only where there are equally many at each; otherwise any healthy node may serve.
    const places = concurrency % plan.nodes.length === 0 ? nodes : [null];
    this.#demands = places.flatMap((node) =>
      promised.map((f): Demand => ({ node, f, met: false, tried: 0, lastError: '' })),
    );
    this.#broken = breakage.map((one, index) => ({ ...one, id: firstFault + index }));
  }

  /**
   * Breaks the rest for good and ends all other faults. The rest is broken first, so that the cluster gets no moment to
   * recover in, unless that could ask too much: a change of membership needs a majority to be taken back, and a claim
   * may limit how many are down.
   */
  begin(): void {
    const { breaking, test } = this.#plan;
    const isLimited = claimsOf(test).some(({ assumes }) => assumes.maxDown !== undefined);
    const settled = (): void => {
      this.#aloneSince = this.#plan.world.now();
      this.#deadline = plus(this.#aloneSince, this.#limit);
    };
    if (isLimited || breaking.active.some(({ fault }) => fault.kind === 'membership'))
      return breaking.stop(() => this.#break(settled));
    const both = countdown(2, settled);
    this.#break(both);
    breaking.stop(both);
  }

  ended({ home, call, invokedAt, outcome }: EndedOperation): void {
    if (this.#aloneSince === null || invokedAt < this.#aloneSince || !this.#healthy.includes(home)) return;
    if (call.f === 'txn' && !changesSomething(call, outcome)) return;
    for (const demand of this.#demands) {
      if (demand.f !== call.f || (demand.node !== null && demand.node !== home)) continue;
      if (outcome.type === 'ok') demand.met = true;
      else {
        demand.tried++;
        demand.lastError = outcome.error.text;
      }
    }
  }

  /** So long nobody looked. */
  putOff(by: Duration): void {
    this.#deadline = plus(this.#deadline, by);
  }

  /** To be asked regularly. `stuck`: the faults did not end in time. A failure is in the journal when it is over. */
  state(interrupted: boolean): 'going on' | 'over' | 'stuck' {
    const late = this.#plan.world.now() >= this.#deadline;
    if (this.#aloneSince === null) return late ? 'stuck' : 'going on';
    if (this.#plan.breaking.unhealed > 0) return this.#excuse();
    if (interrupted || this.#demands.every(({ met }) => met)) return 'over';
    if (late) this.#complain();
    return late ? 'over' : 'going on';
  }

  /**
   * Heals the rest; `done` is called when every fault has answered, and clients have had a quiet while after that: where
   * faults overlap all the time, it is the only one in which operations can be seen to succeed outside of them.
   */
  heal(done: () => void): void {
    const { faults, mark, world } = this.#plan;
    const answered = countdown(this.#broken.length, () => void world.after(quiet, done));
    for (const { id, fault } of this.#broken) {
      mark({ mark: 'end', id, kind: fault.kind });
      faults.end(id, (answer) => {
        mark({ mark: 'ended', id, kind: fault.kind, held: answer.ok, text: answer.ok ? answer.value : answer.error });
        answered();
      });
    }
  }

  #break(done: () => void): void {
    const { faults, mark } = this.#plan;
    const answered = countdown(this.#broken.length, done);
    for (const { id, fault, nodes } of this.#broken) {
      const targets = `${nodes.join(' ')} for good`;
      mark({ mark: 'begin', id, nemesis: 'liveness', variant: fault.kind, targets, nodes, fault });
      faults.begin(id, fault, (answer) => {
        mark({ mark: 'begun', id, kind: fault.kind, held: answer.ok, text: answer.ok ? answer.value : answer.error });
        answered();
      });
    }
  }

  /** A node that a fault still holds is not well: nothing can be demanded of a set that may contain it. */
  #excuse(): 'over' {
    const text = 'Not every fault was healed, so no progress was demanded of a healthy part.';
    this.#plan.mark({ mark: 'note', text });
    return 'over';
  }

  /** What was promised, tried and never succeeded is a finding. What nobody tried says nothing about the system. */
  #complain(): void {
    const { mark, world } = this.#plan;
    const missing = this.#demands.filter(({ met }) => !met);
    const failed = missing.filter(({ tried }) => tried > 0);
    const untried = missing.filter(({ tried }) => tried === 0);
    const alone = `With ${this.#healthy.join(', ')} left alone for ${inSeconds(this.#limit)} s`;
    if (failed.length > 0) {
      const recovery = this.#recovery;
      const excuse = recovery.kind === 'promised' ? '' : `, but ${recovery.why}`;
      const text = `${alone}, these never succeeded: ${placesOf(failed)}${excuse}. The last error: ${sentence(failed[0]?.lastError ?? '')}`;
      if (recovery.kind === 'promised') mark({ mark: 'finding', kind: 'liveness', node: '', at: world.now(), text });
      else mark({ mark: 'note', text });
    }
    if (untried.length > 0) mark({ mark: 'note', text: `${alone}, no client tried: ${placesOf(untried)}.` });
  }
}

/** A transaction that only reads, or is refused, may need less than one that is committed, and shows nothing of that. */
const changesSomething = ({ f, key, value }: Call, { type, ...rest }: Outcome): boolean =>
  writtenBy({ f, key, type, input: value, output: 'value' in rest ? rest.value : null }).length > 0;

const candidatesOf = ({ test, nodes }: LivenessPlan): Candidates => ({
  claims: claimsOf(test),
  functions: test.workload.functions(test.plan.workloadOptions),
  nodes,
  kinds: new Set(test.selections.flatMap(({ nemesis }) => nemesis.needs)),
});

/** Errors are words of systems, too, and end as they like. */
const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const placesOf = (demands: readonly Demand[]): string =>
  demands.map(({ node, f }) => (node === null ? f : `${f} at ${node}`)).join(', ');

/** Calls `done` after so many calls; at once after none. */
function countdown(count: number, done: () => void): () => void {
  if (count === 0) done();
  let left = count;
  return () => {
    if (--left === 0) done();
  };
}
