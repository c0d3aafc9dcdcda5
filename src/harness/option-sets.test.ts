import { expect, test } from 'vitest';
import { UsageError } from '../core/errors.ts';
import { nodeNames } from '../core/ids.ts';
import type { Claim, System } from '../protocol/system.ts';
import { optionSetsOf } from './option-sets.ts';

const claim: Claim = { model: 'linearizable', operations: ['read'], assumes: {}, live: () => [] };

const desk: Pick<System, 'options' | 'combinations' | 'claims'> = {
  options: [
    { name: 'drawers', summary: 'How many.', fallback: 3, range: [1, 9] },
    { name: 'wood', summary: 'Which.', fallback: 'oak', choices: ['ash', 'oak', 'elm'] },
    { name: 'lamp', summary: 'Whether.', fallback: 'on', choices: ['on', 'off'] },
  ],
  combinations: [{ drawers: 1, lamp: 'off' }, { drawers: 9 }],
  claims({ values }, nodes) {
    if (Number(values['drawers']) > nodes.length) throw new UsageError('So many drawers need more nodes.');
    return values['lamp'] === 'off' ? [] : [claim];
  },
};

test('they are the defaults, each other choice by itself, and the combinations that are named', () => {
  const titles = optionSetsOf(desk, nodeNames(9)).map(({ title }) => title);
  expect(titles).toEqual(['defaults', 'wood=ash', 'wood=elm', 'lamp=off', 'drawers=1 lamp=off', 'drawers=9']);
});

test('each has what is claimed under it', () => {
  const claims = optionSetsOf(desk, nodeNames(9)).map((set) => set.claims.length);
  expect(claims).toEqual([1, 1, 1, 0, 0, 1]);
});

test('those that so many nodes cannot have are left out, and other errors are not swallowed', () => {
  expect(optionSetsOf(desk, nodeNames(5)).map(({ title }) => title)).not.toContain('drawers=9');
  const broken = { ...desk, claims: () => claimsOf() };
  expect(() => optionSetsOf(broken, nodeNames(5))).toThrow('a mistake');
});

function claimsOf(): readonly Claim[] {
  throw new Error('a mistake');
}
