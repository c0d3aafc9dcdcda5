/**
 * Wall clocks that are wrong, by a file that libfaketime reads in the node's container and the holder writes. The proof
 * is that the node sees it: its clock is compared with that of the machine, which no fault touches, and must be where
 * the fault puts it and the absence of the fault would not. Where the node is down or paused, another program under the
 * same file is asked in its place.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeId } from '../../core/ids.ts';
import { messageOf } from '../../core/errors.ts';
import type { Answer, ClockSkew, Fault, FaultId } from '../faults.ts';
import { failure, success, together } from '../real/fault-answers.ts';
import type { FaultsOfKind, RealParts } from '../real/real-faults.ts';
import { observe } from '../real/waiting.ts';
import type { Range, Span } from './clock-account.ts';
import { blur, ClockAccount } from './clock-account.ts';
import type { Holder } from './holder/holder.ts';

export interface ClockParts {
  readonly holders: ReadonlyMap<NodeId, Pick<Holder, 'skew' | 'clock' | 'ahead'>>;
  readonly nodes: ReadonlyMap<NodeId, { readonly well: boolean }>;
  readonly control: Pick<RealParts['control'], 'wallClock'>;
  /** The begin of the run, in milliseconds since 1970. */
  readonly epoch: number;
  /** Milliseconds that a clock has to show what it should. */
  readonly patience?: number;
}

/** What was seen of a node's clock, and when. */
interface Sight extends Span {
  /** How many milliseconds it is ahead of the machine's. */
  readonly ahead: number;
}

/** Of a node's clock, by what is known of it at this moment. */
type Expectation = (present: ClockAccount) => ClockAccount;

/** All of these in milliseconds. */
const ordinaryPatience = 8_000;
/** Over so long a change of rate is looked at, at least. */
const leastSpan = 250;
/** So many times a clock that was stepped to and fro must be seen at home, at moments that no period fits. */
const stillLooks = 10;
const stillShare = 0.37;

export class ClockFaults implements FaultsOfKind {
  readonly #parts: ClockParts;
  readonly #patience: number;
  readonly #accounts = new Map<NodeId, ClockAccount>();

  constructor(parts: ClockParts) {
    this.#parts = parts;
    this.#patience = parts.patience ?? ordinaryPatience;
  }

  async begin(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'clock') return failure(`${fault.kind} is no fault of clocks`);
    const { nodes, skew } = fault;
    const why = refusal(skew);
    if (why !== null) return failure(why);
    return await each(nodes, async (node) => {
      const before = await this.#look(node);
      const since = await this.#ask(node, id, skew);
      this.#accounts.set(node, this.#account(node).begun(id, skew, since));
      return await this.#seeIt(node, id, skew, before);
    });
  }

  async lasted(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'clock' || refusal(fault.skew) !== null) return success('');
    return await each(fault.nodes, (node) => this.#seeIt(node, id, fault.skew, null));
  }

  async end(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'clock' || refusal(fault.skew) !== null) return success('nothing was changed');
    const { nodes, skew } = fault;
    return await each(nodes, async (node) => {
      const before = await this.#look(node);
      const since = this.#account(node).sinceOf(id);
      const when = await this.#ask(node, id, null);
      this.#accounts.set(node, this.#account(node).ended(id, when));
      if (skew.type === 'strobe') return await this.#seeStill(node, skew.by, skew.period / 1e6, before);
      // What it would be had the fault not ended: a drift would have gone on from there, others from where they began.
      const onward = skew.type === 'drift' ? when : since;
      const unended: Expectation = (present) => (onward === null ? present : present.begun(id, skew, onward));
      if (skew.type === 'drift') return await this.#seeRate(node, unended);
      const still = skew.type === 'bump' ? 'is' : 'keeps still again,';
      const seen = await this.#see(node, unended);
      return typeof seen === 'string'
        ? failure(seen)
        : success(`${node}'s wall clock ${still} ${position(seen.ahead)} (before: ${position(before.ahead)})`);
    });
  }

  /** The fault must show, now. */
  async #seeIt(node: NodeId, id: FaultId, skew: ClockSkew, before: Sight | null): Promise<Answer<string>> {
    const without: Expectation = (present) => present.without(id);
    if (skew.type === 'strobe') return await this.#seeStrobe(node, id, skew.by);
    if (skew.type !== 'bump') return await this.#seeRate(node, without);
    const seen = await this.#see(node, without);
    if (typeof seen === 'string') return failure(seen);
    const then = before === null ? '' : ` (before: ${position(before.ahead)})`;
    return success(`${node}'s wall clock is ${position(seen.ahead)}${then}`);
  }

  /** It must be where it should be, and not where it would be otherwise. Other faults may move it meanwhile. */
  async #see(node: NodeId, otherwise: Expectation): Promise<Sight | string> {
    let error = '';
    const seen = await observe(this.#patience, async () => {
      const sight = await this.#look(node);
      const present = this.#account(node);
      const { ahead } = sight;
      const wanted = present.places(sight).map(places).join(' or ');
      error = `${node}'s wall clock is ${position(ahead)}, and should be ${wanted}`;
      if (!present.allows(ahead, sight)) return null;
      error += ', which it would be anyway';
      return otherwise(present).allows(ahead, sight) ? null : sight;
    });
    return seen ?? error;
  }

  /** It must be seen on both sides. */
  async #seeStrobe(node: NodeId, id: FaultId, by: number): Promise<Answer<string>> {
    const text = `${node}'s wall clock`;
    const seen: number[] = [];
    let home: number | null = null;
    let away: number | null = null;
    const both = await observe(this.#patience, async () => {
      const sight = await this.#look(node);
      seen.push(sight.ahead);
      const side = this.#sideOf(sight, this.#account(node).without(id), by);
      if (side === 'home') home = sight.ahead;
      if (side === 'away') away = sight.ahead;
      return home === null || away === null ? null : ([home, away] as const);
    });
    if (both !== null) return success(`${text} steps to and fro between ${both.map(position).join(' and ')}`);
    const sights = seen.slice(0, 6).map(position).join(', then ');
    return failure(`${text} was seen ${sights}: it does not step to and fro by ${position(by / 1e6)}`);
  }

  /** It must be seen on one side only, so often that this is no accident. */
  async #seeStill(node: NodeId, by: number, period: number, before: Sight): Promise<Answer<string>> {
    const text = `${node}'s wall clock`;
    let [home, away] = [0, 0];
    let last = before;
    await observe(this.#patience, async () => {
      last = await this.#look(node);
      const side = this.#sideOf(last, this.#account(node), by);
      if (side === 'home') home++;
      // Once may be another fault that is just about to begin.
      if (side === 'away') away++;
      if (home >= stillLooks || away > 1) return true;
      await sleep(period * stillShare);
      return null;
    });
    if (away <= 1 && home >= stillLooks)
      return success(`${text} keeps still again, ${position(last.ahead)} (before: ${position(before.ahead)})`);
    if (away > 1) return failure(`${text} steps to and fro still`);
    return failure(`${text} is ${position(last.ahead)}, and is not seen to keep still`);
  }

  /** Null where other faults make both of them possible, or none. */
  #sideOf(sight: Sight, still: ClockAccount, by: number): 'home' | 'away' | null {
    const [home, away] = [sight.ahead, sight.ahead - by / 1e6].map((ahead) => still.allows(ahead, sight));
    if (home === away) return null;
    return home === true ? 'home' : 'away';
  }

  /** It must be where what it gains has brought it. */
  async #seeRate(node: NodeId, otherwise: Expectation): Promise<Answer<string>> {
    const first = await this.#look(node);
    await sleep(leastSpan);
    const last = await this.#see(node, otherwise);
    if (typeof last === 'string') return failure(last);
    const present = this.#account(node);
    this.#accounts.set(node, present.narrowed(last.ahead));
    const gained = last.ahead - first.ahead;
    const words =
      present.rate === 0
        ? 'neither gained nor lost'
        : `${gained < 0 ? 'lost' : 'gained'} ${Math.abs(gained).toFixed(0)} ms`;
    return success(`${node}'s wall clock ${words} in ${(last.from - first.from).toFixed(0)} ms`);
  }

  async #look(node: NodeId): Promise<Sight> {
    const holder = this.#holder(node);
    const own = this.#parts.nodes.get(node)?.well === true ? await this.#lookAtNode(node).catch(() => null) : null;
    const from = performance.now();
    if (own === null) return { ahead: await holder.ahead(), from, to: performance.now() };
    const machine = await holder.clock();
    const at = (from + performance.now()) / 2;
    // Both the node's clock and the machine's were read at some known moment of the harness's monotonic clock.
    return { ahead: own.wall - (own.from + own.to) / 2 - (machine - at), from: own.from, to: own.to };
  }

  /** Of several looks the quickest one, which knows best when it was. */
  async #lookAtNode(node: NodeId): Promise<Span & { readonly wall: number }> {
    let best = { wall: 0, from: Number.NEGATIVE_INFINITY, to: 0 };
    for (let look = 0; look < 3; look++) {
      const from = performance.now();
      const wall = (await this.#parts.control.wallClock(node)) / 1e6 + this.#parts.epoch;
      const to = performance.now();
      if (to - from < best.to - best.from) best = { wall, from, to };
    }
    return best;
  }

  /** Answers with when it was done. */
  async #ask(node: NodeId, id: FaultId, skew: ClockSkew | null): Promise<Span> {
    const from = performance.now();
    await this.#holder(node).skew(id, skew);
    return { from, to: performance.now() };
  }

  #account(node: NodeId): ClockAccount {
    return this.#accounts.get(node) ?? new ClockAccount();
  }

  #holder(node: NodeId): Pick<Holder, 'skew' | 'clock' | 'ahead'> {
    return this.#parts.holders.get(node) as Holder;
  }
}

async function each(nodes: readonly NodeId[], act: (node: NodeId) => Promise<Answer<string>>): Promise<Answer<string>> {
  return together(
    await Promise.all(
      nodes.map((node) => act(node).catch((error: unknown) => failure(`${node}: ${messageOf(error)}`))),
    ),
  );
}

function refusal(skew: ClockSkew): string | null {
  if (skew.type === 'drift') {
    if (skew.rate === 0) return 'a drift by nothing cannot be seen';
    return skew.rate > -1 ? null : `a clock that loses ${-skew.rate * 100}% does not advance`;
  }
  const size = Math.abs(skew.by) / 1e6;
  if (size <= 2 * blur) return `a step by ${size} ms cannot be seen: clocks are compared to ${blur} ms`;
  return skew.type !== 'bump' && skew.period <= 0 ? `a ${skew.type} wants a period` : null;
}

function position(ahead: number): string {
  const size = Math.abs(ahead);
  const words = size >= 10_000 ? `${(size / 1000).toFixed(1)} s` : `${size.toFixed(0)} ms`;
  return size < 0.5 ? 'right' : `${words} ${ahead < 0 ? 'behind' : 'ahead'}`;
}

const places = ([least, most]: Range): string =>
  most - least < 1 ? position(most) : `from ${position(least)} to ${position(most)}`;
