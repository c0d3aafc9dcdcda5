/**
 * Steps and drift of the nodes' clocks, proved by comparing them with the control clock, before, during and afterwards.
 * The clocks belong to the machine and not to the process, so they can be read while the node is down or paused.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Cancel, Duration, Instant } from '../../core/time.ts';
import { milliseconds, nanoseconds } from '../../core/time.ts';
import type { SimulatedClocks } from '../../runtimes/simulated/clocks.ts';
import type { Answer, ClockSkew, Done, Fault, FaultId } from '../faults.ts';
import { type FaultsOf, gather, nodeOf, type SimulatedParts } from './parts.ts';

type ClockFault = Extract<Fault, { kind: 'clock' }>;
/** Both step the clock again and again: to and fro, or always back. */
type Strobe = Extract<ClockSkew, { type: 'strobe' | 'rewind' }>;

/** After a step, before it is looked at. */
const moment = milliseconds(10);
/** Over this time drift is measured. */
const span = milliseconds(250);
/** Other faults may change the rate, or the node may start, while it is measured; then it is measured again. */
const mostMeasurements = 20;

interface ActiveStrobe {
  /** Where the wall clock was, bumps left out, and when. */
  readonly home: number;
  readonly since: Instant;
  /** Ends it and puts the wall clock back. */
  readonly stop: () => void;
}

/** More than nodes drift while a strobe is active, as a share. */
const mostDrift = 0.2;

interface Reading {
  readonly wall: Instant;
  readonly monotonic: Instant;
  readonly true: Instant;
  readonly life: number;
  readonly rate: number;
}

export class ClockFaults implements FaultsOf<ClockFault> {
  readonly #parts: SimulatedParts;
  /** The rates of the active drifts of each node; together they multiply. */
  readonly #drifts = new Map<NodeId, Map<FaultId, number>>();
  readonly #strobes = new Map<string, ActiveStrobe>();
  /** What bumps come to for each node: a strobe must not take them for its own. */
  readonly #bumps = new Map<NodeId, number>();

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
  }

  begin(id: FaultId, { nodes, skew }: ClockFault, done: Done<string>): void {
    const why = refusal(skew);
    if (why !== null) return done({ ok: false, error: why });
    const one = gather(nodes.length, done);
    for (const node of nodes) {
      if (skew.type === 'bump') this.#step(node, skew.by, one);
      else if (skew.type === 'strobe' || skew.type === 'rewind') this.#strobe(id, node, skew, one);
      else this.#drift(id, node, skew.rate, one);
    }
  }

  end(id: FaultId, { nodes, skew }: ClockFault, done: Done<string>): void {
    if (refusal(skew) !== null) return done({ ok: true, value: 'nothing was changed' });
    const one = gather(nodes.length, done);
    for (const node of nodes) {
      if (skew.type === 'bump') this.#step(node, back(skew.by), one);
      else if (skew.type === 'strobe' || skew.type === 'rewind') this.#still(id, node, skew, one);
      else this.#drift(id, node, null, one);
    }
  }

  #clocks(node: NodeId): SimulatedClocks {
    return nodeOf(this.#parts, node).clocks;
  }

  #step(node: NodeId, by: Duration, done: Done<string>): void {
    const clocks = this.#clocks(node);
    const before = clocks.ahead();
    clocks.step(by);
    this.#bumps.set(node, (this.#bumps.get(node) ?? 0) + by);
    this.#parts.timeline.after(moment, () => {
      const now = clocks.ahead();
      done(stepped(now - before, by, `${node}'s wall clock is ${position(now)} (before: ${position(before)})`));
    });
  }

  /** It is seen on both sides: in the middle of each of three periods. */
  #strobe(id: FaultId, node: NodeId, { type, by, period }: Strobe, done: Done<string>): void {
    const { timeline } = this.#parts;
    const clocks = this.#clocks(node);
    const seen: number[] = [clocks.ahead()];
    let away = nanoseconds(0);
    let next: Cancel | null = null;
    const toggle = (): void => {
      const step = type === 'rewind' || away !== 0 ? back(by) : by;
      clocks.step(step);
      away = nanoseconds(away + step);
      next = timeline.after(period, toggle);
    };
    const [home, since] = [this.#aheadWithoutBumps(node), timeline.now()];
    toggle();
    const stop = (): void => {
      next?.();
      if (away !== 0) clocks.step(back(away));
    };
    this.#strobes.set(`${id} ${node}`, { home, since, stop });
    const look = (left: number): void => {
      seen.push(clocks.ahead());
      if (left > 0) return void timeline.after(period, () => look(left - 1));
      const steps = seen.slice(1).map((at, index) => at - (seen[index] ?? 0));
      const wanted = (index: number): Duration => (type === 'strobe' && index % 2 === 0 ? by : back(by));
      const wrong = steps.findIndex((step, index) => !isAbout(step, wanted(index)));
      const [first = 0, second = 0] = seen;
      const [how, both] = type === 'strobe' ? ['to and fro', 'between'] : ['back again and again', 'as from'];
      const [and, places] = [type === 'strobe' ? 'and' : 'to', seen.map(position).join(', then ')];
      const value = `${node}'s wall clock steps ${how} ${both} ${position(first)} ${and} ${position(second)}`;
      const error = `${node}'s wall clock was seen ${places}: it does not step ${how}`;
      done(wrong < 0 ? { ok: true, value } : { ok: false, error });
    };
    timeline.after(Math.floor(period / 2) as Duration, () => look(2));
  }

  /** It must be where it was, but for what it has drifted since, and stay there for a period. */
  #still(id: FaultId, node: NodeId, { by, period }: Strobe, done: Done<string>): void {
    const { timeline } = this.#parts;
    const name = `${id} ${node}`;
    const strobe = this.#strobes.get(name);
    if (strobe === undefined) return done({ ok: false, error: `${node} is under no strobe of this fault` });
    const before = this.#clocks(node).ahead();
    strobe.stop();
    this.#strobes.delete(name);
    const put = this.#aheadWithoutBumps(node);
    timeline.after((period + moment) as Duration, () => {
      const now = this.#aheadWithoutBumps(node);
      const drifted = mostDrift * (timeline.now() - strobe.since);
      const isHome = Math.abs(put - strobe.home) <= Math.abs(by) / 10 + (this.#drifts.has(node) ? drifted : 0);
      const text = `${position(this.#clocks(node).ahead())} (before: ${position(before)})`;
      if (!isAbout(now - put, 0, by)) return done({ ok: false, error: `${node}'s wall clock still steps: ${text}` });
      if (!isHome) return done({ ok: false, error: `${node}'s wall clock is not where it was: ${text}` });
      done({ ok: true, value: `${node}'s wall clock keeps still again, ${text}` });
    });
  }

  #aheadWithoutBumps(node: NodeId): number {
    return this.#clocks(node).ahead() - (this.#bumps.get(node) ?? 0);
  }

  /** `rate`: null ends the drift of this fault. */
  #drift(id: FaultId, node: NodeId, rate: number | null, done: Done<string>): void {
    const drifts = this.#drifts.get(node) ?? new Map<FaultId, number>();
    this.#drifts.set(node, drifts);
    if (rate === null) drifts.delete(id);
    else drifts.set(id, rate);
    this.#clocks(node).runAt(this.#rateOf(node));
    this.#measure(node, mostMeasurements, done);
  }

  /** What the active faults want; exactly 1 when there are none. */
  #rateOf(node: NodeId): number {
    let rate = 1;
    for (const drift of this.#drifts.get(node)?.values() ?? []) rate *= 1 + drift;
    return rate;
  }

  #read(id: NodeId): Reading {
    const node = nodeOf(this.#parts, id);
    return {
      ...node.clocks.now(),
      true: this.#parts.timeline.now(),
      life: node.life,
      rate: this.#rateOf(id),
    };
  }

  #measure(node: NodeId, left: number, done: Done<string>): void {
    const first = this.#read(node);
    this.#parts.timeline.after(span, () => {
      const last = this.#read(node);
      const passed = last.true - first.true;
      const gained = last.monotonic - first.monotonic - passed;
      const gainedByWall = last.wall - first.wall - passed;
      const isDisturbed = last.life !== first.life || last.rate !== first.rate || Math.abs(gained - gainedByWall) > 2;
      if (isDisturbed && left > 1) return this.#measure(node, left - 1, done);
      const expected = (last.rate - 1) * passed;
      const text = `${node}'s clocks ${change(gained)} in ${span / 1e6} ms`;
      const held = !isDisturbed && Math.abs(gained - expected) <= 2 + passed * 1e-9;
      done(held ? { ok: true, value: text } : { ok: false, error: `${text} instead of ${expected / 1e6} ms` });
    });
  }
}

function refusal(skew: ClockSkew): string | null {
  if (skew.type === 'drift') return skew.rate > -1 ? null : `a clock that loses ${-skew.rate * 100}% does not advance`;
  if (skew.by === 0) return 'a step by nothing cannot be seen';
  return skew.type !== 'bump' && skew.period <= 0 ? `a ${skew.type} wants a period` : null;
}

const back = (by: Duration): Duration => nanoseconds(0 - by);

/** A tenth of the step is left to the drift of other faults. */
const isAbout = (found: number, wanted: number, scale: number = wanted): boolean =>
  Math.abs(found - wanted) <= Math.abs(scale) / 10;

const stepped = (found: number, by: Duration, text: string): Answer<string> =>
  isAbout(found, by) ? { ok: true, value: text } : { ok: false, error: `${text}; that is no step of ${amount(by)}` };

const position = (ahead: number): string => `${amount(Math.abs(ahead))} ${ahead < 0 ? 'behind' : 'ahead'}`;

const change = (gained: number): string =>
  gained === 0 ? 'neither gained nor lost' : `${gained < 0 ? 'lost' : 'gained'} ${amount(Math.abs(gained))}`;

function amount(time: number): string {
  const size = Math.abs(time);
  return size >= 1e9 ? `${(size / 1e9).toFixed(1)} s` : `${(size / 1e6).toFixed(size < 1e8 ? 2 : 0)} ms`;
}
