/**
 * What the harness asks of the program in a network holder, over the container's standard streams: one JSON text a
 * line, answered by one with the same id.
 */
import type { ClockSkew, FaultId } from '../../faults.ts';

export type HolderRequest =
  /** What it can do here. */
  | { readonly kind: 'abilities' }
  /** From now on what comes from exactly these addresses to these ports is dropped; null: to whichever port. */
  | { readonly kind: 'cut'; readonly sources: readonly string[]; readonly ports: readonly number[] | null }
  /** How many packets of each address were dropped, since it was cut. */
  | { readonly kind: 'dropped' }
  /** Opens a TCP connection, and closes it. */
  | { readonly kind: 'dial'; readonly host: string; readonly port: number; readonly within: number }
  /** Sends so many bytes to a node, a ping at their end, and waits for its answer. */
  | {
      readonly kind: 'push';
      readonly host: string;
      readonly port: number;
      readonly bytes: number;
      readonly within: number;
    }
  /** From now on exactly these ways are in trouble. */
  | { readonly kind: 'shape'; readonly ways: readonly ShapedWay[] }
  /** Puts the text into the file at once, or as it was before. */
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  /** The files in a folder of the volume, as far as they come to so many bytes together. */
  | { readonly kind: 'collect'; readonly path: string; readonly most: number }
  /** Null ends the skew of that fault. Answered when the clock file says so. */
  | { readonly kind: 'skew'; readonly fault: FaultId; readonly skew: ClockSkew | null }
  /** The wall clock of the machine itself, in milliseconds since 1970. */
  | { readonly kind: 'clock' }
  /** By how many milliseconds a program that is under the clock file is ahead of the machine. */
  | { readonly kind: 'ahead' };

export interface CollectedFile {
  readonly name: string;
  readonly bytes: number;
  /** Null: it was too large. */
  readonly base64: string | null;
}

export interface ShapedWay {
  readonly host: string;
  readonly port: number;
  /** Bytes a second; null: as many as there are. */
  readonly rate: number | null;
  /** Milliseconds; null: none. */
  readonly delay: { readonly mean: number; readonly jitter: number } | null;
}

export interface Pushed {
  /** Milliseconds; null: nothing was answered so far. */
  readonly took: number | null;
  /** What went that way meanwhile, that of others too; null where it was not shaped, or has been shaped anew. */
  readonly carried: Carried | null;
}

export interface Carried {
  readonly bytes: number;
  /** Milliseconds between two looks at the counter, which is longer than the volley took. */
  readonly within: number;
}

export interface Abilities {
  /** Null where packets cannot be dropped, and `why`. */
  readonly rules: string | null;
  readonly rate: boolean;
  readonly delay: boolean;
  readonly why: string;
}

/** `refused`: somebody said no, so the way there and back is open. `silent`: nobody said anything. */
export type Dialled = 'connected' | 'refused' | 'silent';

/** Neither is answered. A channel is opened by the harness, under a number of its own. */
export type TunnelMessage =
  | { readonly kind: 'open'; readonly channel: number; readonly port: number }
  | { readonly kind: 'data'; readonly channel: number; readonly base64: string }
  | { readonly kind: 'close'; readonly channel: number };

export type HolderMessage = (HolderRequest & { readonly id: number }) | TunnelMessage;

export type HolderReport = HolderAnswer | Exclude<TunnelMessage, { kind: 'open' }>;

export type HolderAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };
