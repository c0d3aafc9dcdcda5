import { expect, test } from 'vitest';
import type { NodeId } from '../core/ids.ts';
import { noLimits } from './bounds.ts';
import type { Nemesis } from './nemesis.ts';
import { parseSelection, readSelection, withRoles } from './selection.ts';
import { inRole } from './targets.ts';
import { viewOf } from './testing/view.ts';

const blot: Nemesis = {
  name: 'blot',
  summary: '',
  needs: ['kill'],
  variants: [{ name: 'one', summary: '', minimumNodes: 1, plan: () => null }],
  ofRole: (role) => ({ name: role, summary: `The ${role}.`, minimumNodes: 1, plan: () => null }),
};

const { ofRole: _aimless, ...dry } = { ...blot, name: 'dry' };

const namesIn = (text: string, roles?: readonly string[]): readonly string[] =>
  readSelection(text, withRoles({ blot, dry }, roles), 5).flatMap(({ variants }) => variants.map(({ name }) => name));

test('a nemesis that can be aimed at roles has a shape for each role that the system names', () => {
  expect(namesIn('blot', ['scribe', 'reader'])).toEqual(['one', 'scribe', 'reader']);
  expect(namesIn('blot:reader', ['scribe', 'reader'])).toEqual(['reader']);
  expect(namesIn('blot')).toEqual(['one']);
  expect(namesIn('dry', ['scribe'])).toEqual(['one']);
  expect(() => namesIn('blot:scribe')).toThrow('Unknown variant of blot "scribe"');
  expect(() => namesIn('blot:scrib', ['scribe'])).toThrow('Did you mean scribe? Known: one, scribe.');
});

test('all takes them, too', () => {
  const ground = {
    nodeCount: 3,
    environment: { name: 'sim', faults: new Set(['kill'] as const) },
    system: { name: 'ledger', hasMembership: false },
    assumes: noLimits,
  };
  const [selection] = parseSelection('all', withRoles({ blot }, ['scribe']), ground);

  expect(selection?.variants.map(({ name }) => name)).toEqual(['one', 'scribe']);
});

test('a role is held by whoever says so in the highest term that any of them knows', () => {
  const inspections = {
    n1: { role: 'scribe', term: 1 },
    n2: { role: 'reader', term: 2 },
    n3: { role: 'scribe', term: 2 },
    n4: { role: 'scribe', term: 2 },
  };
  const chosen = new Set(
    Array.from({ length: 40 }, (_, seed) => {
      const view = viewOf(5, { seed, inspections });
      return inRole('scribe', view, view.nodes)?.join(' ');
    }),
  );
  const view = viewOf(5, { inspections });

  expect(chosen).toEqual(new Set(['n3', 'n4']));
  expect(inRole('reader', view, view.nodes)).toEqual(['n2']);
  expect(inRole('scribe', view, ['n1', 'n2', 'n4'] as NodeId[])).toEqual(['n4']);
  // Not a smaller fault, nor one of somebody else, under the same name.
  expect(inRole('scribe', view, ['n1'] as NodeId[])).toBeNull();
  expect(inRole('binder', view, view.nodes)).toBeNull();
});
