/** Under construction: see the public surface below. */
import type { NodeContext, Protocol, Dialect } from './protocol.ts';
import type { NodeRuntime } from './node-runtime.ts';

export interface HostOptions<D extends Dialect> {
  readonly protocol: Protocol<D>;
  readonly context: NodeContext;
  readonly runtime: NodeRuntime;
  /** The records that survived the last life, as JSON texts. */
  readonly records: readonly string[];
  /** `every-second` is the planted bug no-fsync. */
  readonly sync: 'always' | 'every-second';
  /** Called once when a step threw (a finding) or the disk failed (not one). The host is dead then. */
  onCrash(crash: { readonly finding: boolean; readonly error: unknown }): void;
}
