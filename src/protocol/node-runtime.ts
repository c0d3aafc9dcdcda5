/**
 * The four things that a host needs of the machine it runs on: clocks, timers, a network, a disk. There is one
 * implementation on virtual time (runtimes/simulated) and one on a real machine (runtimes/real).
 */
import type { NodeId } from '../core/ids.ts';
import type { Cancel, Duration, Now } from '../core/time.ts';
import type { ClientId } from './wire.ts';

export interface NodeRuntime {
  now(): Now;
  /** Fires once, on this node's monotonic clock. */
  after(delay: Duration, fire: () => void): Cancel;
  readonly network: NodeNetwork;
  readonly disk: NodeDisk;
}

export interface NodeNetwork {
  /** A datagram: one encoded frame that may be lost, delayed, duplicated or reordered, never corrupted. */
  send(to: NodeId, frame: string): void;
  /** Answers a client on the connection that it asked on; lost if that is gone. */
  answer(client: ClientId, frame: string): void;
}

export interface NodeDisk {
  /**
   * Makes the write durable and says so once. The host never asks again before it was answered. An error is fatal to
   * the node. A crash between the call and the answer keeps any prefix of an append, the last record possibly torn.
   */
  flush(write: DiskWrite, done: (error: Error | null) => void): void;
}

/** Records are JSON texts without a newline; the disk frames them with length and checksum (record-log.ts). */
export type DiskWrite =
  | { readonly kind: 'append'; readonly records: readonly string[] }
  /** The whole log becomes these records, atomically. */
  | { readonly kind: 'replace'; readonly records: readonly string[] };
