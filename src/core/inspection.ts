import type { Json } from './json.ts';

/** What a node believes that it is. The primary is the node with the highest term among those whose role is `leader`. */
export interface Inspection {
  readonly role: string;
  readonly term?: number;
  readonly [more: string]: Json | undefined;
}
