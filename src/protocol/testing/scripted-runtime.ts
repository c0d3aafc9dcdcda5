/** A runtime whose disk, timers and clocks the test moves by hand, and that writes down all that leaves the node. */
import type { NodeId } from '../../core/ids.ts';
import { nodeId } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import type { Cancel, Duration, Now } from '../../core/time.ts';
import { instant } from '../../core/time.ts';
import type { Crash } from '../host.ts';
import { Host } from '../host.ts';
import type { DiskWrite, NodeRuntime } from '../node-runtime.ts';
import type { Dialect, Effects, Input, Machine } from '../protocol.ts';
import { encodeFrame } from '../wire.ts';

export interface TestDialect extends Dialect {
  readonly message: { readonly type: 'note'; readonly text: string };
  readonly record: { readonly entry: unknown };
  readonly timer: string;
}

export type Step = (input: Input<TestDialect>, effects: Effects<TestDialect>, now: Now) => void;

export interface Script {
  readonly step: Step;
  readonly start?: (records: readonly TestDialect['record'][], effects: Effects<TestDialect>, now: Now) => void;
  readonly records?: readonly string[];
  readonly sync?: 'always' | 'every-second';
}

interface Flush {
  readonly write: DiskWrite;
  readonly done: (error: Error | null) => void;
}

interface Timer {
  readonly after: Duration;
  readonly fire: () => void;
  cancelled: boolean;
}

export class ScriptedNode {
  readonly sent: string[] = [];
  readonly flushes: Flush[] = [];
  readonly timers: Timer[] = [];
  readonly crashes: Crash[] = [];
  readonly host: Host<TestDialect>;
  time = 0;
  reads = 0;

  constructor(script: Script) {
    const machine: Machine<TestDialect> = {
      step: (now, input, effects) => script.step(input, effects, now),
      inspect: () => ({ role: 'scripted' }),
      peek: (key) => `peeked ${key}`,
    };
    this.host = new Host<TestDialect>({
      protocol: {
        name: 'scripted',
        start: (now, _context, records, effects) => {
          script.start?.([...records], effects, now);
          return machine;
        },
      },
      context: {
        self: nodeId('n1'),
        nodes: [nodeId('n1'), nodeId('n2')],
        members: [nodeId('n1'), nodeId('n2')],
        life: 1,
        random: seeded(1),
        options: { bug: null, values: {} },
      },
      runtime: this.#runtime(),
      records: script.records ?? [],
      sync: script.sync ?? 'always',
      onCrash: (crash) => this.crashes.push(crash),
    });
  }

  note(text: string, from = 'n2'): void {
    this.host.receivePeer(encodeFrame(from, 'n1', { type: 'note', text }));
  }

  ask(body: { readonly type: string; readonly [field: string]: unknown }, messageId = 1): void {
    this.host.receiveClient(encodeFrame('c1', 'n1', { ...body, msg_id: messageId }));
  }

  /** Answers the oldest flush that is under way. */
  synced(error: Error | null = null): void {
    const flush = this.flushes.shift();
    if (flush === undefined) throw new Error('no flush is under way');
    flush.done(error);
  }

  /** Fires the timers that are set, cancelled ones as well: a late callback is what the host must withstand. */
  fireAll(): void {
    for (const timer of this.timers.splice(0)) timer.fire();
  }

  liveTimers(): readonly Duration[] {
    return this.timers.filter((timer) => !timer.cancelled).map((timer) => timer.after);
  }

  #runtime(): NodeRuntime {
    return {
      now: () => {
        this.reads++;
        return { wall: instant(this.time), monotonic: instant(this.time) };
      },
      after: (after, fire): Cancel => {
        const timer: Timer = { after, fire, cancelled: false };
        this.timers.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
      network: {
        send: (to: NodeId, frame) => this.sent.push(`${to} ${bodyOf(frame)}`),
        answer: (client, frame) => this.sent.push(`${client} ${bodyOf(frame)}`),
      },
      disk: { flush: (write, done) => this.flushes.push({ write, done }) },
    };
  }
}

const bodyOf = (frame: string): string => JSON.stringify((JSON.parse(frame) as { body: unknown }).body);
