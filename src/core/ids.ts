declare const brand: unique symbol;

/** A `T` that only its maker may claim to be a `Name`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** `n1`, `n2`, ...: one member of the cluster, or a spare. */
export type NodeId = Brand<string, 'NodeId'>;

/** A logical single-threaded client. It is retired after an indeterminate operation, and its number is not used again. */
export type ProcessId = Brand<number, 'ProcessId'>;

export const nodeId = (name: string): NodeId => name as NodeId;

export const processId = (number: number): ProcessId => number as ProcessId;

/** The names of a cluster of `count` nodes: n1 to n`count`. */
export const nodeNames = (count: number): readonly NodeId[] =>
  Array.from({ length: count }, (_, index) => nodeId(`n${index + 1}`));

/** The key of a call whose parts name theirs, as of a transaction. In a history it is null. */
export const noKey = '';
