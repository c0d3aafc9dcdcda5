/**
 * When to break what, for how long, and what came of it. Each selected nemesis has a lane of its own (lane.ts), and
 * they begin one after the other, so that their faults overlap; where two of them meet, they stay together. It is a
 * synchronous machine that performs nothing, so the same one runs in a simulation and against real processes. On `stop`
 * it ends every fault before it is done.
 */
import { invariant } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Random } from '../core/random.ts';
import { Serial } from '../core/serial.ts';
import { milliseconds, nanoseconds, plus, seconds, type Duration, type Instant } from '../core/time.ts';
import type { Answer, Fault, FaultId } from '../environments/faults.ts';
import { noLimits } from './bounds.ts';
import { Lane, type Shared } from './lane.ts';
import type { Assumptions } from './nemesis.ts';
import type { NemesisSelection } from './selection.ts';
import { meet } from './targets.ts';

export interface SchedulePlan {
  readonly selections: readonly NemesisSelection[];
  readonly nodes: readonly NodeId[];
  /** How long a fault is held, and how long the pause before the next one is, on average. */
  readonly interval: Duration;
  readonly random: Random;
  /** How long nodes have to say what they believe that they are; 500 ms without. */
  readonly inspectWithin?: Duration;
  /** How long the environment has to answer `begin` and `end`; 25 s without. */
  readonly answerWithin?: Duration;
  /** What the faults are to stay within; without, there are no limits. */
  readonly assumes?: Assumptions;
}

export type ScheduleInput =
  /** The first one starts it; later ones answer `wakeAt`. One too many does no harm. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'inspected'; readonly round: number; readonly node: NodeId; readonly answer: Answer<Inspection> }
  | { readonly kind: 'begun'; readonly id: FaultId; readonly answer: Answer<string> }
  | { readonly kind: 'ended'; readonly id: FaultId; readonly answer: Answer<string> }
  /** Ends every fault and begins no more. */
  | { readonly kind: 'stop' };

/** May be answered at once, from within the step. */
export interface ScheduleEffects {
  begin(id: FaultId, fault: Fault): void;
  /** Never before `begin` was answered, or its answer given up. */
  end(id: FaultId): void;
  /** The answer names the round. */
  inspect(round: number, node: NodeId): void;
  /** Asks for a tick at that instant. Replaces what was asked before. */
  wakeAt(at: Instant): void;
  /** For the journal: a fault changed as `change` says. The record is a value that is not changed afterwards. */
  record(change: FaultChange, fault: FaultRecord): void;
  /** After `stop`: every fault has ended, or its end was given up. Once. */
  done(): void;
}

/** `begin` and `end` were asked for; `begun` and `ended` were answered, with a proof or an error. */
export type FaultChange = 'begin' | 'begun' | 'end' | 'ended';

/** What the journal, the coverage gate and schedule.json hold of a fault. */
export interface FaultRecord {
  readonly id: FaultId;
  readonly nemesis: string;
  readonly variant: string;
  readonly fault: Fault;
  readonly targets: string;
  /** The nodes that suffer. */
  readonly nodes: readonly NodeId[];
  /** When `begin` was asked for. */
  readonly beginAt: Instant;
  /** When it was answered, or given up, and with what; null before. An error: not proved. */
  readonly begunAt: Instant | null;
  readonly proof: Answer<string> | null;
  readonly endAt: Instant | null;
  readonly endedAt: Instant | null;
  /** The proof that it is undone; null before `ended`. */
  readonly healed: Answer<string> | null;
}

export class Schedule {
  readonly #plan: SchedulePlan;
  readonly #shared: Shared;
  readonly #serial: Serial<ScheduleInput, ScheduleEffects>;
  /** Null before the first step. */
  #lanes: readonly Lane[] | null = null;
  #stage: 'running' | 'stopping' | 'done' = 'running';
  #armed: Instant | null = null;

  constructor(plan: SchedulePlan) {
    const { nodes, interval, inspectWithin = milliseconds(500), answerWithin = seconds(25) } = plan;
    const { assumes = noLimits } = plan;
    invariant(interval > 0 && nodes.length > 0, () => `interval ${interval}, ${nodes.length} nodes`);
    let rounds = 0;
    let faults = 0;
    this.#plan = plan;
    this.#shared = {
      nodes,
      interval,
      inspectWithin,
      answerWithin,
      assumes,
      active: new Map(),
      nextRound: () => ++rounds,
      nextFault: () => ++faults,
    };
    this.#serial = new Serial((now, input, effects) => this.#take(now, input, effects));
  }

  /** Faults that were asked for and not proved to have ended. */
  get active(): number {
    return this.#shared.active.size;
  }

  step(now: Instant, input: ScheduleInput, effects: ScheduleEffects): void {
    this.#serial.step(now, input, effects);
  }

  #take(now: Instant, input: ScheduleInput, effects: ScheduleEffects): void {
    this.#lanes ??= this.#begin(now);
    for (const lane of this.#lanes) handOn(lane, now, input, effects);
    if (input.kind === 'begun') keepTogether(this.#lanes, input.id, this.#shared.nodes.length);
    if (input.kind === 'ended' && input.answer.ok) this.#shared.active.delete(input.id);
    if (input.kind === 'stop' && this.#stage === 'running') this.#stage = 'stopping';
    // A real timer may fire a little early: then it is asked for once more.
    if (input.kind === 'tick') this.#armed = null;
    for (const lane of this.#lanes) if (lane.until !== null && lane.until <= now) lane.expire(now, effects);
    this.#arm(effects);
  }

  /** The first fault comes a third of an interval after the start, so that a short run has some, too. */
  #begin(now: Instant): readonly Lane[] {
    const { selections, interval, random } = this.#plan;
    const breaking = selections.filter(({ variants }) => variants.length > 0);
    return breaking.map((selection, index) => {
      const first = nanoseconds(Math.ceil(interval / 3 + (interval * index) / breaking.length));
      return new Lane(selection, this.#shared, random.fork(selection.nemesis.name), plus(now, first));
    });
  }

  #arm(effects: ScheduleEffects): void {
    let next: Instant | null = null;
    for (const { until } of this.#lanes ?? []) if (until !== null && (next === null || until < next)) next = until;
    if (next !== null && next !== this.#armed) {
      this.#armed = next;
      effects.wakeAt(next);
    }
    if (next !== null || this.#stage !== 'stopping') return;
    this.#stage = 'done';
    effects.done();
  }
}

/**
 * A fault that has begun where another one is held keeps that one for as long as it lasts itself. Without it they would
 * overlap by chance, and mostly for less than a cluster takes to notice: a new leader comes after seconds.
 */
function keepTogether(lanes: readonly Lane[], id: FaultId, count: number): void {
  const latest = lanes.find(({ held }) => held?.fault.id === id)?.held ?? null;
  if (latest === null) return;
  for (const lane of lanes) {
    const { held } = lane;
    if (held !== null && meet(held.fault.nodes, latest.fault.nodes, count)) lane.holdUntil(latest.until);
  }
}

function handOn(lane: Lane, now: Instant, input: ScheduleInput, effects: ScheduleEffects): void {
  switch (input.kind) {
    case 'inspected':
      return lane.inspected(now, input.round, input.node, input.answer, effects);
    case 'begun':
      return lane.begun(now, input.id, input.answer, effects);
    case 'ended':
      return lane.ended(now, input.id, input.answer, effects);
    case 'stop':
      return lane.stop(now, effects);
    case 'tick':
      return undefined;
  }
}
