/**
 * What a committed log says, computed once more and in another way than state-machine.ts does, so that a mistake there
 * is not believed: sessions are looked up in the log itself and nothing is kept between two entries.
 */
import type { Json } from '../../../src/core/json.ts';
import type { Entry } from '../dialect.ts';

/** A key holds the value from this index of the log on. */
export interface Change {
  readonly index: number;
  readonly value: Json;
}

/** Every change of a key, in the order of the log. */
export function changesOf(committed: readonly Entry[], maxSessions: number): Map<string, Change[]> {
  const changes = new Map<string, Change[]>();
  /** Of each session the index of its last use and its highest number. */
  const sessions: { readonly id: number; usedAt: number; highest: number }[] = [];
  for (const [at, { command }] of committed.entries()) {
    const index = at + 1;
    if (command.kind === 'open-session') {
      sessions.push({ id: index, usedAt: index, highest: 0 });
      if (sessions.length <= maxSessions) continue;
      const longestAgo = Math.min(...sessions.map(({ usedAt }) => usedAt));
      const forgotten = sessions.findIndex(({ usedAt }) => usedAt === longestAgo);
      sessions.splice(forgotten, 1);
    }
    if (command.kind !== 'operation') continue;
    const session = sessions.find(({ id }) => id === command.session);
    if (session === undefined) continue;
    session.usedAt = index;
    if (command.sequence <= session.highest) continue;
    session.highest = command.sequence;
    const { operation } = command;
    const ofKey = changes.get(operation.key) ?? [];
    const value = operation.type === 'write' ? operation.value : operation.to;
    if (operation.type === 'cas' && ofKey.at(-1)?.value !== operation.from) continue;
    changes.set(operation.key, [...ofKey, { index, value }]);
  }
  return changes;
}
