import { describe, expect, it } from 'vitest';
import { nodeNames } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Faults } from '../environments/faults.ts';
import { LeaderWatch } from './leader-watch.ts';

/** Asks once; a node without an inspection does not answer. */
function watching(...inspections: readonly (Inspection | null)[]) {
  const nodes = nodeNames(inspections.length);
  const faults = {
    inspect: (node: string, done: (answer: unknown) => void) => {
      const value = inspections[nodes.indexOf(node as never)] ?? null;
      done(value === null ? { ok: false, error: 'silent' } : { ok: true, value });
    },
  } as unknown as Faults;
  const seen: string[] = [];
  const watch = new LeaderWatch(nodes, faults, ({ node, term }) => void seen.push(`${node} ${term}`));
  watch.poll();
  return { watch, seen };
}

const leader = (term: number): Inspection => ({ role: 'leader', term });
const follower = (term: number): Inspection => ({ role: 'follower', term });

describe('a cluster is ready', () => {
  it('when all nodes have reached the term of a leader', () => {
    expect(watching(leader(2), follower(2)).watch.ready()).toEqual({ ready: true });
  });

  it('not while one is behind, silent, or ahead', () => {
    const why = (...inspections: readonly (Inspection | null)[]) => watching(...inspections).watch.ready();
    expect(why(leader(2), follower(1))).toEqual({ ready: false, why: 'not all nodes have reached term 2' });
    expect(why(leader(2), null)).toEqual({ ready: false, why: 'n2 did not answer' });
    expect(why(leader(2), follower(3))).toEqual({ ready: false, why: 'no node leads term 3' });
  });

  it('not by what was said before it was told to forget', () => {
    const { watch } = watching(leader(1), follower(1));
    watch.forget();
    expect(watch.ready()).toEqual({ ready: false, why: 'n1, n2 did not answer' });
  });
});

describe('a leader', () => {
  it('is seen once in a term, and one of an older term is none', () => {
    const { watch, seen } = watching(leader(2), leader(1));
    watch.poll();
    expect(seen).toEqual(['n1 2']);
  });
});
