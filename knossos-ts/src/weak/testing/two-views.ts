/**
 * Histories in which what follows from one read puts a write before an earlier read: one process writes to three keys,
 * and the other overwrites one of them and reads on along the first one's writes, sometimes clinging to its own value or
 * to an old one. Histories of arbitrary observations hardly ever come that far before they break something simpler.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { below, pick, type Random } from '../../testing/seeded.ts';

const keys = ['x', 'y', 'z'] as const;

interface Step {
  readonly process: number;
  readonly f: 'read' | 'write';
  readonly key: string;
  readonly value: number;
}

export function twoViews(random: Random): Operation[] {
  const writes = Array.from({ length: 3 + below(random, 2) }, (_, number): Step => {
    return { process: 0, f: 'write', key: pick(random, keys), value: number + 1 };
  });
  const reader: Step[] = [{ process: 1, f: 'write', key: pick(random, keys), value: 9 }];
  let at = 0;
  for (let read = 0; read < 4; read++) {
    const key = pick(random, keys);
    at = Math.min(at + below(random, 3), writes.length);
    const seen = writes.slice(0, at).findLast((write) => write.key === key)?.value ?? 0;
    const isOwn = key === reader[0]?.key && random() < 0.6;
    reader.push({ process: 1, f: 'read', key, value: isOwn ? 9 : random() < 0.15 ? 0 : seen });
  }
  return [...writes, ...reader].map(({ process, f, key, value }, number) => {
    const [input, output]: [Value, Value] = f === 'write' ? [value, null] : [null, value];
    const [called, returned] = [2 * number, 2 * number + 1];
    const times = { called, returned, invokedAt: called, completedAt: returned };
    return { id: called, process, f, key, input, type: 'ok', output, ...times };
  });
}
