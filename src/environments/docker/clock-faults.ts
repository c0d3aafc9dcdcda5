/**
 * Wall clocks that are wrong, by a file that libfaketime reads in the node's container and the holder writes. The proof
 * is that the node sees it: its clock is compared with that of the machine, which no fault touches. Where the node is
 * down or paused, another program under the same file is asked in its place.
 */
import type { NodeId } from '../../core/ids.ts';
import { messageOf } from '../../core/errors.ts';
import type { Answer, ClockSkew, Fault, FaultId } from '../faults.ts';
import { failure, success, together } from '../real/fault-answers.ts';
import type { FaultsOfKind, RealParts } from '../real/real-faults.ts';
import { observe } from '../real/waiting.ts';
import type { Holder } from './holder/holder.ts';
import type { ClockState } from './holder/requests.ts';

export interface ClockParts {
  readonly holders: ReadonlyMap<NodeId, Holder>;
  readonly nodes: RealParts['nodes'];
  readonly control: Pick<RealParts['control'], 'wallClock'>;
  /** The begin of the run, in milliseconds since 1970. */
  readonly epoch: number;
}

/** What was seen of a node's clock, in milliseconds. */
interface Sight {
  /** How far it is ahead of the machine's. */
  readonly ahead: number;
  /** What the file says at the same time. */
  readonly state: ClockState;
  /** When, on the harness's monotonic clock. */
  readonly at: number;
}

/** All of these in milliseconds. How exactly clocks of busy processes can be compared: */
const blur = 12;
const patience = 8_000;
/** Over so long a drift is measured, and longer where it would hardly show. */
const leastSpan = 250;
const mostSpan = 3_000;
const visibleGain = 30;

export class ClockFaults implements FaultsOfKind {
  readonly #parts: ClockParts;

  constructor(parts: ClockParts) {
    this.#parts = parts;
  }

  async begin(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'clock') return failure(`${fault.kind} is no fault of clocks`);
    const { nodes, skew } = fault;
    const why = refusal(skew);
    if (why !== null) return failure(why);
    return await each(nodes, async (node) => {
      const before = await this.#look(node);
      await this.#holder(node).skew(id, skew);
      if (skew.type === 'strobe') return await this.#seeStrobe(node, skew.by / 1e6);
      if (skew.type === 'drift') return await this.#seeRate(node, Math.abs(skew.rate));
      if (skew.type === 'rewind') return await this.#seeRate(node, skew.by / skew.period);
      return await this.#seeAt(node, (now) => `is ${now} (before: ${position(before.ahead)})`);
    });
  }

  async lasted(_id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'clock' || fault.skew.type !== 'bump' || refusal(fault.skew) !== null) return success('');
    return await each(fault.nodes, (node) => this.#seeAt(node, (now) => `is ${now}`));
  }

  async end(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind !== 'clock' || refusal(fault.skew) !== null) return success('nothing was changed');
    const { nodes, skew } = fault;
    return await each(nodes, async (node) => {
      const before = await this.#look(node);
      await this.#holder(node).skew(id, null);
      if (skew.type === 'drift') return await this.#seeRate(node, 0);
      const still = skew.type === 'bump' ? 'is' : 'keeps still again,';
      return await this.#seeAt(node, (now) => `${still} ${now} (before: ${position(before.ahead)})`);
    });
  }

  /** It must be where the file puts it. Other faults may move it meanwhile, so it is looked at until it is. */
  async #seeAt(node: NodeId, words: (now: string) => string): Promise<Answer<string>> {
    let last: Sight | null = null;
    const seen = await observe(patience, async () => {
      last = await this.#look(node);
      return last.state.possible.some((offset) => Math.abs(offset - (last as Sight).ahead) <= blur) ? last : null;
    });
    if (seen !== null) return success(`${node}'s wall clock ${words(position(seen.ahead))}`);
    const { ahead, state } = last ?? (await this.#look(node));
    const wanted = state.possible.map(position).join(' or ');
    return failure(`${node}'s wall clock is ${position(ahead)}, and should be ${wanted}`);
  }

  /** It must be seen on both sides. */
  async #seeStrobe(node: NodeId, by: number): Promise<Answer<string>> {
    const seen: Sight[] = [];
    const sides = await observe(patience, async () => {
      seen.push(await this.#look(node));
      const [last] = seen.slice(-1) as [Sight];
      const other = seen.find(({ ahead }) => Math.abs(Math.abs(last.ahead - ahead) - Math.abs(by)) <= blur);
      return other === undefined ? null : ([other.ahead, last.ahead] as const);
    });
    const text = `${node}'s wall clock`;
    if (sides !== null) return success(`${text} steps to and fro between ${sides.map(position).join(' and ')}`);
    const places = seen.slice(0, 6).map(({ ahead }) => position(ahead));
    return failure(`${text} was seen ${places.join(', then ')}: it does not step to and fro`);
  }

  /** It must gain what the file says that it gains. `rate`: how much of that is new, as a share. */
  async #seeRate(node: NodeId, rate: number): Promise<Answer<string>> {
    const span = rate === 0 ? leastSpan : Math.min(mostSpan, Math.max(leastSpan, visibleGain / rate));
    let error = '';
    const seen = await observe(patience, async () => {
      const first = await this.#look(node);
      await new Promise((resolve) => setTimeout(resolve, span));
      const last = await this.#look(node);
      const gained = last.ahead - first.ahead;
      const expected = last.state.steady - first.state.steady;
      const words = `${node}'s wall clock ${change(gained, expected)} in ${(last.at - first.at).toFixed(0)} ms`;
      error = `${words} instead of ${expected.toFixed(0)} ms`;
      return Math.abs(gained - expected) <= blur ? words : null;
    });
    return seen === null ? failure(error) : success(seen);
  }

  async #look(node: NodeId): Promise<Sight> {
    const holder = this.#holder(node);
    const own = this.#parts.nodes.get(node)?.well === true ? await this.#lookAtNode(node).catch(() => null) : null;
    const asked = performance.now();
    const [state, stranger] = await Promise.all([holder.clock(), own === null ? holder.ahead() : null]);
    const at = (asked + performance.now()) / 2;
    // Both the node's clock and the machine's were read at some known moment of the harness's monotonic clock.
    const ahead = own === null ? (stranger ?? 0) : own.wall - own.at - (state.machine - at);
    return { ahead, state, at };
  }

  /** Of several looks the quickest one, which knows best when it was. */
  async #lookAtNode(node: NodeId): Promise<{ readonly wall: number; readonly at: number }> {
    let best = { wall: 0, at: 0, took: Number.POSITIVE_INFINITY };
    for (let look = 0; look < 3; look++) {
      const asked = performance.now();
      const wall = (await this.#parts.control.wallClock(node)) / 1e6 + this.#parts.epoch;
      const took = performance.now() - asked;
      if (took < best.took) best = { wall, at: asked + took / 2, took };
    }
    return best;
  }

  #holder(node: NodeId): Holder {
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
  if (skew.type === 'drift') return skew.rate > -1 ? null : `a clock that loses ${-skew.rate * 100}% does not advance`;
  if (skew.by === 0) return 'a step by nothing cannot be seen';
  return skew.type !== 'bump' && skew.period <= 0 ? `a ${skew.type} wants a period` : null;
}

function position(ahead: number): string {
  const size = Math.abs(ahead);
  const words = size >= 10_000 ? `${(size / 1000).toFixed(1)} s` : `${size.toFixed(0)} ms`;
  return size < 0.5 ? 'right' : `${words} ${ahead < 0 ? 'behind' : 'ahead'}`;
}

function change(gained: number, expected: number): string {
  if (Math.abs(gained) <= blur / 2 && Math.abs(expected) < 1) return 'neither gained nor lost';
  return `${gained < 0 ? 'lost' : 'gained'} ${Math.abs(gained).toFixed(0)} ms`;
}
