/** What an engine for histories of one structure says of a key. Whatever it leaves undecided is searched. */
import type { Counterexample } from '../verdict.ts';

export type Judgement =
  /** `witness`: the numbers of operations in a legal order; made only when it is called, and once at most. */
  | { readonly kind: 'legal'; readonly witness: () => readonly number[] }
  /** `flaw`: the engine's name for what is wrong. */
  | { readonly kind: 'violated'; readonly flaw: string; readonly explain: () => Counterexample }
  /** Nothing refutes the history; but what the engine left out might. */
  | { readonly kind: 'undecided' };
