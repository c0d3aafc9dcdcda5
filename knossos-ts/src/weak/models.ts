/**
 * The consistency models and which implies which, as data. They are a partial order and not a ladder: causal memory and
 * causal convergence are incomparable, and causal consistency does not imply PRAM (Bouajjani et al. 2017, section 3).
 * A plain list of what the names mean is in docs/causal.md, docs/sessions.md and docs/sequential.md of this library.
 */
export type ConsistencyModel =
  | 'linearizable'
  | 'sequential'
  | 'causal-memory'
  | 'causal-convergence'
  | 'causal'
  | 'pram'
  | 'read-your-writes'
  | 'monotonic-reads'
  | 'monotonic-writes'
  | 'writes-follow-reads';

/** The models next below each one. Strongest first; each name comes after all that imply it. */
export const implies: { readonly [model in ConsistencyModel]: readonly ConsistencyModel[] } = {
  linearizable: ['sequential'],
  sequential: ['causal-memory', 'causal-convergence'],
  'causal-memory': ['pram', 'causal'],
  // What a process has seen only grows, and all agree on one order of the writes: so its reads never go back.
  'causal-convergence': ['causal', 'monotonic-reads'],
  pram: ['read-your-writes', 'monotonic-reads', 'monotonic-writes'],
  causal: ['read-your-writes', 'monotonic-writes', 'writes-follow-reads'],
  'read-your-writes': [],
  'monotonic-reads': [],
  'monotonic-writes': [],
  'writes-follow-reads': [],
};

/** Strongest first. */
export const consistencyModels = Object.keys(implies) as readonly ConsistencyModel[];

/** All that a model implies, itself left out, nearest first. */
export function weakerThan(model: ConsistencyModel): ReadonlySet<ConsistencyModel> {
  const found = new Set<ConsistencyModel>(implies[model]);
  for (const weaker of found) for (const next of implies[weaker]) found.add(next);
  return found;
}

/** Those of the given models that none of the others implies. */
export function maximal(models: readonly ConsistencyModel[]): ConsistencyModel[] {
  const implied = new Set(models.flatMap((model) => [...weakerThan(model)]));
  return models.filter((model) => !implied.has(model));
}
