/** Two-phase commit at random (../../testing/chaos.ts), looked at from within after each move (invariants.ts). */
import type { HistoryEvent, Value } from 'knossos-ts';
import { noKey, nodeNames } from '../../../src/core/ids.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Json } from '../../../src/core/json.ts';
import { seeded } from '../../../src/core/random.ts';
import type { Random } from '../../../src/core/random.ts';
import type { Call } from '../../../src/protocol/client.ts';
import { Chaos as AnyChaos } from '../../testing/chaos.ts';
import { TwoPhaseClient } from '../client.ts';
import type { TwoPhaseDialect } from '../dialect.ts';
import type { TwoPhaseMachine } from '../protocol.ts';
import { Invariants } from './invariants.ts';
import { Stage } from './stage.ts';

export interface ChaosOptions {
  readonly bug?: string | null;
  readonly values?: { readonly [name: string]: number | string };
  /** Whether every operation is a transaction that writes or reads both keys: the two are then one register. */
  readonly together?: boolean;
}

/** Time leaps to whatever timer rings, so that patience is soon at an end. */
const ordinary = { patience: 2_000 };

const keys = ['a', 'b'];

export class Chaos {
  readonly names: readonly NodeId[];
  readonly stage: Stage;
  readonly #chaos: AnyChaos<TwoPhaseDialect, TwoPhaseMachine>;

  constructor(seed: number, { bug = null, values = {}, together = false }: ChaosOptions = {}) {
    const random = seeded(seed);
    this.names = nodeNames(random.pick([1, 2, 3, 3, 4]));
    this.stage = new Stage({ nodes: this.names.length, bug, values: { ...ordinary, ...values } });
    const invariants = new Invariants(this.stage, this.names, keys);
    const troupe = {
      names: this.names,
      stage: this.stage,
      keys,
      crashes: true,
      client: (context: ConstructorParameters<typeof TwoPhaseClient>[0]) => new TwoPhaseClient(context),
      call: together ? bothKeys : oneKey,
      check: (down: ReadonlySet<NodeId>) => invariants.check(down),
    };
    this.#chaos = new AnyChaos(troupe, random);
  }

  run(moves: number): void {
    this.#chaos.run(moves);
  }

  /** As reads, writes and cas: an insert is a cas from null, and what is done to both keys is done to one. */
  get history(): readonly HistoryEvent[] {
    return this.#chaos.history.map((event) => (event.f === 'txn' ? asOneRegister(event) : asCas(event)));
  }

  /** What is not as it must be when all nodes are well and were left alone for a while, or null. */
  unrest(): string | null {
    for (const name of this.names) {
      const { ready, unacknowledged, reads } = this.stage.machine(name).inspect();
      if (ready !== 0 || unacknowledged !== 0 || reads !== 0)
        return `${name}: ${JSON.stringify({ ready, unacknowledged, reads })}`;
    }
    for (const key of keys) {
      const held = this.names.map((name) => JSON.stringify(this.stage.machine(name).peek(key)));
      if (new Set(held).size > 1) return held.join(' ');
    }
    return null;
  }
}

function oneKey(key: string, random: Random, unique: () => number): Call {
  const chance = random.unit();
  if (chance < 0.4) return { f: 'read', key, value: null };
  if (chance < 0.7) return { f: 'write', key, value: unique() };
  const value = unique();
  if (chance < 0.8) return { f: 'insert', key, value };
  return { f: 'cas', key, value: [Math.max(1, value - 1 - random.below(4)), value] };
}

function bothKeys(_key: string, random: Random, unique: () => number): Call {
  const value = unique();
  const isRead = random.chance(0.5);
  return { f: 'txn', key: noKey, value: keys.map((key): Json => (isRead ? ['r', key, null] : ['w', key, value])) };
}

function asCas(event: HistoryEvent): HistoryEvent {
  if (event.f !== 'insert') return event;
  if (event.type !== 'ok') return { ...event, f: 'cas', value: [null, event.value] };
  const { inserted, ...rest } = event.value as { readonly inserted: boolean };
  return { ...event, f: 'cas', value: { swapped: inserted, ...rest } };
}

function asOneRegister(event: HistoryEvent): HistoryEvent {
  const parts = (event.type === 'ok' ? (event.value as { parts: Value }).parts : event.value) as [
    string,
    string,
    Value,
  ][];
  const isRead = parts[0]?.[0] === 'r';
  const seen = parts.map(([, , value]) => (isRead && event.type === 'ok' ? (value as { value: Value }).value : value));
  // A read that saw half of a transaction has seen what nobody has written.
  const value = seen.every((one) => one === seen[0]) ? (seen[0] ?? null) : -1;
  return { ...event, f: isRead ? 'read' : 'write', key: 'both', value };
}
