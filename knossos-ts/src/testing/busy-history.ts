/**
 * Long legal histories of one real register under constant load, for what small random ones cannot show. The random
 * numbers are a linear congruential generator's: good enough to mix operations, and the same everywhere.
 */
import type { Operation, Value } from '../history/operation.ts';

export interface Load {
  readonly operations: number;
  readonly clients: number;
  /** The share of writes and cas whose outcome is unknown. */
  readonly info?: number;
  readonly key?: Value;
  /** How many different values are written; absent: each is written once. */
  readonly values?: number;
  readonly seed?: number;
}

export function busyHistory({ operations, clients, info = 0, key = 'k', values, seed = 1 }: Load): Operation[] {
  let draws = seed;
  const random = (): number => (draws = (draws * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
  const idleAt = Array.from({ length: clients }, () => 0);
  const processes = Array.from({ length: clients }, (_, client) => client);
  const drafts = Array.from({ length: operations }, () => {
    const client = idleAt.indexOf(Math.min(...idleAt));
    const called = (idleAt[client] as number) + random() / 10;
    const returned = called + 0.2 + random();
    const draw = random();
    const f = draw < 0.5 ? 'read' : draw < 0.8 ? 'write' : 'cas';
    const unknown = f !== 'read' && random() < info;
    const process = processes[client] as number;
    idleAt[client] = returned;
    if (unknown) processes[client] = process + clients;
    const at = called + random() * (returned - called);
    return { process, f, called, returned, unknown, at, happens: !unknown || random() < 0.5, stray: random() < 0.2 };
  });
  let state: Value = null;
  const done = drafts
    .toSorted((one, other) => one.at - other.at)
    .map((draft, place) => {
      const { f, happens, stray } = draft;
      const number = values === undefined ? place : Math.floor(random() * values);
      const from: Value = stray ? -1 : state;
      const swaps: boolean = from === state;
      const before: Value = state;
      if (happens && (f === 'write' || (f === 'cas' && swaps))) state = number;
      const output =
        f === 'read' ? before : f === 'write' ? null : swaps ? { swapped: true } : { swapped: false, current: before };
      return { ...draft, input: f === 'read' ? null : f === 'write' ? number : [from, number], output };
    });
  return done
    .toSorted((one, other) => one.called - other.called)
    .map(({ process, f, input, output, called, returned, unknown }, id) => ({
      id,
      process,
      f,
      key,
      input,
      type: unknown ? 'info' : 'ok',
      output: unknown ? null : output,
      called,
      returned: unknown ? Infinity : returned,
      invokedAt: Math.round(called * 1e6),
      completedAt: Math.round(returned * 1e6),
    }));
}
