/** What is wrong with a list, in numbers of operations. explanation.ts makes the proof of it. */
export type ListFlaw =
  /** The read holds, at this place, an element that nobody appended. */
  | { readonly kind: 'thin-air'; readonly read: number; readonly at: number }
  /** The read does not begin with what the list held at the beginning. */
  | { readonly kind: 'lost-beginning'; readonly read: number; readonly at: number }
  /** The read holds an element twice that was appended once. */
  | { readonly kind: 'duplicate'; readonly read: number; readonly at: number }
  /** Neither of two reads continues the other: they differ at this place. */
  | { readonly kind: 'incompatible'; readonly read: number; readonly longest: number; readonly at: number }
  /** `early` had returned before `late` was called, and stands above it in the list. `longest` tells the order. */
  | { readonly kind: 'order'; readonly late: number; readonly early: number; readonly longest: number };
