import type { Json } from './json.ts';

/** What a node believes that it is. The primary is the node with the highest term among those that lead. */
export interface Inspection {
  /** In the words of its system: `leader`, `tail`. */
  readonly role: string;
  readonly term?: number;
  /** Whether it takes itself for the primary. Absent: where its role is `leader`. */
  readonly leads?: boolean;
  /** What it has counted in this life; each only grows. */
  readonly counters?: { readonly [name: string]: number };
  readonly [more: string]: Json | undefined;
}

export const isLeading = ({ role, leads }: Inspection): boolean => leads ?? role === 'leader';
