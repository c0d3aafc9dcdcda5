/**
 * One nemesis of a schedule: pause, look at the cluster, plan, begin, hold, end, and again. It holds at most one fault
 * at a time. Every stage has an instant at which it is over even if nobody answers.
 */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Random } from '../core/random.ts';
import { inMilliseconds, nanoseconds, plus, type Duration, type Instant } from '../core/time.ts';
import type { Answer, FaultId } from '../environments/faults.ts';
import { excess } from './bounds.ts';
import type { ActiveFault, Assumptions, NemesisVariant, NemesisView, PlannedFault } from './nemesis.ts';
import type { FaultRecord, ScheduleEffects } from './schedule.ts';
import type { NemesisSelection } from './selection.ts';
import { VariantBag } from './variant-bag.ts';

/** What the lanes of a schedule share. */
export interface Shared {
  readonly nodes: readonly NodeId[];
  readonly interval: Duration;
  readonly inspectWithin: Duration;
  readonly answerWithin: Duration;
  readonly assumes: Assumptions;
  /** Of every lane: begun and not proved to have ended. */
  readonly active: Map<FaultId, ActiveFault>;
  nextRound(): number;
  nextFault(): FaultId;
}

type Stage =
  | { readonly kind: 'pausing'; readonly until: Instant }
  | { readonly kind: 'inspecting'; readonly until: Instant; readonly round: number }
  | { readonly kind: 'beginning'; readonly until: Instant; readonly fault: FaultRecord }
  | { readonly kind: 'holding'; readonly until: Instant; readonly fault: FaultRecord }
  | { readonly kind: 'ending'; readonly until: Instant; readonly fault: FaultRecord }
  | { readonly kind: 'stopped'; readonly until: null };

export class Lane {
  readonly #shared: Shared;
  readonly #name: string;
  readonly #random: Random;
  readonly #bag: VariantBag;
  readonly #isBounded: boolean;
  #stage: Stage;
  #stopping = false;
  /** What nodes said in the present round. */
  #inspections = new Map<NodeId, Inspection>();
  /** How many of them have still to answer. */
  #missing = 0;

  constructor(selection: NemesisSelection, shared: Shared, random: Random, first: Instant) {
    this.#shared = shared;
    this.#name = selection.nemesis.name;
    this.#random = random;
    this.#isBounded = selection.goesBeyond !== true;
    this.#bag = new VariantBag(selection.variants, random.fork('bag'));
    this.#stage = { kind: 'pausing', until: first };
  }

  /** When its present stage is over; null when it has stopped for good. */
  get until(): Instant | null {
    return this.#stage.until;
  }

  /** The fault that it holds, and until when; null when it holds none. */
  get held(): { readonly until: Instant; readonly fault: FaultRecord } | null {
    return this.#stage.kind === 'holding' ? this.#stage : null;
  }

  /** Holds its fault, if it holds one, no less long than that. */
  holdUntil(at: Instant): void {
    if (this.#stage.kind === 'holding' && this.#stage.until < at) this.#stage = { ...this.#stage, until: at };
  }

  /** Ends the fault that is active. One whose `begin` was not answered yet is ended after the answer. */
  stop(now: Instant, effects: ScheduleEffects): void {
    this.#stopping = true;
    const stage = this.#stage;
    if (stage.kind === 'pausing' || stage.kind === 'inspecting') this.#stage = { kind: 'stopped', until: null };
    if (stage.kind === 'holding') this.#end(now, stage.fault, effects);
  }

  /** The present stage is over. */
  expire(now: Instant, effects: ScheduleEffects): void {
    const stage = this.#stage;
    if (stage.kind === 'pausing') this.#inspect(now, effects);
    else if (stage.kind === 'inspecting') this.#plan(now, effects);
    else if (stage.kind === 'beginning') this.#begun(now, stage.fault, this.#silence(), effects);
    else if (stage.kind === 'holding') this.#end(now, stage.fault, effects);
    else if (stage.kind === 'ending') this.#ended(now, stage.fault, this.#silence(), effects);
  }

  inspected(now: Instant, round: number, node: NodeId, answer: Answer<Inspection>, effects: ScheduleEffects): void {
    if (this.#stage.kind !== 'inspecting' || this.#stage.round !== round) return;
    if (answer.ok) this.#inspections.set(node, answer.value);
    this.#missing -= 1;
    if (this.#missing === 0) this.#plan(now, effects);
  }

  begun(now: Instant, id: FaultId, answer: Answer<string>, effects: ScheduleEffects): void {
    if (this.#stage.kind === 'beginning' && this.#stage.fault.id === id)
      this.#begun(now, this.#stage.fault, answer, effects);
  }

  ended(now: Instant, id: FaultId, answer: Answer<string>, effects: ScheduleEffects): void {
    if (this.#stage.kind === 'ending' && this.#stage.fault.id === id)
      this.#ended(now, this.#stage.fault, answer, effects);
  }

  #inspect(now: Instant, effects: ScheduleEffects): void {
    const { nodes, inspectWithin } = this.#shared;
    const round = this.#shared.nextRound();
    this.#inspections = new Map();
    this.#missing = nodes.length;
    this.#stage = { kind: 'inspecting', until: plus(now, inspectWithin), round };
    for (const node of nodes) effects.inspect(round, node);
  }

  #plan(now: Instant, effects: ScheduleEffects): void {
    const { nodes, active, assumes, interval, answerWithin } = this.#shared;
    const inspections = this.#inspections;
    const view = { nodes, inspections, active: [...active.values()], random: this.#random, assumes };
    const dealt = this.#bag.deal((variant) => this.#planWithin(variant, view));
    if (dealt === null) {
      this.#stage = { kind: 'pausing', until: plus(now, nanoseconds(Math.ceil(interval / 5))) };
      return;
    }
    const { variant, planned } = dealt;
    const unanswered = { begunAt: null, proof: null, endAt: null, endedAt: null, healed: null };
    const id = this.#shared.nextFault();
    const fault = { id, nemesis: this.#name, variant: variant.name, ...planned, beginAt: now, ...unanswered };
    active.set(id, { id, nemesis: this.#name, fault: planned.fault, nodes: planned.nodes });
    this.#stage = { kind: 'beginning', until: plus(now, answerWithin), fault };
    effects.record('begin', fault);
    effects.begin(id, planned.fault);
  }

  /** A fault that would go too far together with those that are active now has to wait. */
  #planWithin(variant: NemesisVariant, view: NemesisView): PlannedFault | null {
    const planned = variant.plan(view);
    if (planned === null || !this.#isBounded) return planned;
    const together = [...view.active.map(({ fault }) => fault), planned.fault];
    return excess(view.assumes, together, view.nodes) === null ? planned : null;
  }

  #begun(now: Instant, begun: FaultRecord, proof: Answer<string>, effects: ScheduleEffects): void {
    const fault = { ...begun, begunAt: now, proof };
    this.#stage = { kind: 'holding', until: plus(now, this.#about(this.#shared.interval)), fault };
    effects.record('begun', fault);
    if (this.#stopping) this.#end(now, fault, effects);
  }

  #end(now: Instant, held: FaultRecord, effects: ScheduleEffects): void {
    const fault = { ...held, endAt: now };
    this.#stage = { kind: 'ending', until: plus(now, this.#shared.answerWithin), fault };
    effects.record('end', fault);
    effects.end(fault.id);
  }

  #ended(now: Instant, ending: FaultRecord, healed: Answer<string>, effects: ScheduleEffects): void {
    const fault = { ...ending, endedAt: now, healed };
    this.#stage = this.#stopping
      ? { kind: 'stopped', until: null }
      : { kind: 'pausing', until: plus(now, this.#about(this.#shared.interval)) };
    effects.record('ended', fault);
  }

  #silence(): Answer<string> {
    return { ok: false, error: `no answer within ${inMilliseconds(this.#shared.answerWithin)} ms` };
  }

  /** Between 60% and 140%, so that nemeses drift against each other and overlap in different ways. */
  #about(duration: Duration): Duration {
    return nanoseconds(Math.ceil(duration * (0.6 + 0.8 * this.#random.unit())));
  }
}
