/**
 * A generator says which operation comes next. It is a value: `next` and `update` are pure and return the generator
 * to ask afterwards, as in Jepsen's jepsen.generator. All randomness comes from the context.
 */
import type { NodeId, ProcessId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Instant } from '../core/time.ts';
import type { Call } from '../protocol/client.ts';
import type { Outcome } from '../protocol/outcomes.ts';

export interface Generator {
  next(context: GeneratorContext): GeneratorStep;
  /** Called for every event of a process, in order. Absent: the generator does not care. */
  update?(event: GeneratorEvent): Generator;
}

export type GeneratorStep =
  | { readonly kind: 'call'; readonly process: ProcessId; readonly call: Call; readonly rest: Generator }
  /** Nothing before `until`; `event`: nothing before the next event. Asked again at the latest then. */
  | { readonly kind: 'wait'; readonly until: Instant | 'event'; readonly rest: Generator }
  | { readonly kind: 'done' };

export interface GeneratorContext {
  readonly now: Instant;
  /** The threads that have nothing to do, each with its present process. Never empty. */
  readonly free: readonly Thread[];
  /** All threads. Their number never changes; their processes do. Both lists are valid during the call only. */
  readonly threads: readonly Thread[];
  readonly random: Random;
}

/**
 * A slot for one process at a time. A process that ended in `info` is replaced by number + concurrency. The home of
 * process p is node p mod n, so a thread keeps its home where concurrency is a multiple of the node count.
 */
export interface Thread {
  readonly index: number;
  readonly process: ProcessId;
  readonly home: NodeId;
}

export type GeneratorEvent = {
  readonly at: Instant;
  /** The index of the thread that the process occupies, or did until this event. */
  readonly thread: number;
  readonly process: ProcessId;
  readonly call: Call;
} & ({ readonly kind: 'invoke' } | { readonly kind: 'complete'; readonly outcome: Outcome });
