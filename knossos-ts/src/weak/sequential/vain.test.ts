import { expect, test } from 'vitest';
import type { Operation } from '../../history/operation.ts';
import { isSearchedInVain } from './vain.ts';

/** `w x a` or `r x a`, by process; one operation after the other. */
function operationsOf(...sessions: readonly (readonly string[])[]): Operation[] {
  const steps = sessions.flatMap((session, process) => session.map((step) => ({ process, step })));
  return steps.map(({ process, step }, id) => {
    const [f, key = '', value = ''] = step.split(' ');
    const said = f === 'w' ? { f: 'write', input: value, output: null } : { f: 'read', input: null, output: value };
    const times = { called: 2 * id, returned: 2 * id + 1, invokedAt: id, completedAt: id };
    return { id, process, key, type: 'ok', ...said, ...times };
  });
}

test.each([
  ['a', 'b,"c'],
  ['a,"b', 'c'],
])('what two keys hold (%s and %s) is told from what reads alike, and an order is found', (left, right) => {
  const one = ['w x a', 'w y b,"c', 'w one over'];
  const other = ['w x a,"b', 'w y c', 'w other over'];
  const reader = ['r one over', 'r other over', `r x ${left}`, `r y ${right}`];

  expect(isSearchedInVain(operationsOf(one, other, reader), null, () => false)).toBe(false);
});
