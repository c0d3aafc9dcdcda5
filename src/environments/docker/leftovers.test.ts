import { expect, test } from 'vitest';
import { labelsOf, ownOwner } from './labels.ts';
import type { Found } from './leftovers.ts';
import { remainsOf } from './leftovers.ts';

const own = ownOwner();
const here = { scope: own.scope, remote: false };
const dead = { ...own, process: { ...own.process, startedAt: 'long ago' } };
const afar = { ...own, scope: { ...own.scope, machine: 'another' }, host: 'elsewhere' };

const found = (kind: Found['kind'], name: string, owner: typeof own | null): Found => ({
  kind,
  name,
  labels: owner === null ? {} : labelsOf('r', owner),
});

test('what dead owners left is theirs, by kind', () => {
  const all = [found('containers', 'c', dead), found('networks', 'w', dead), found('volumes', 'v', dead)];
  expect(remainsOf('r', all, here)).toEqual({
    run: 'r',
    owner: dead,
    fate: 'dead',
    containers: ['c'],
    networks: ['w'],
    volumes: ['v'],
  });
});

test.each([
  ['the living one, wherever it stands', [dead, afar, own], 'alive', own],
  ['the one that cannot be looked at, before a dead one', [dead, afar], 'unknown', afar],
  ['nobody, where a label is missing', [dead, null], 'unknown', null],
] as const)('of several owners %s is named', (_, owners, fate, owner) => {
  const all = owners.map((each, index) => found('containers', String(index), each));
  expect(remainsOf('r', all, here)).toMatchObject({ fate, owner });
});
