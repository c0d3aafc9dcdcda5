import { describe, expect, test } from 'vitest';
import type { Owner } from './labels.ts';
import { fateOf, labelsOf, ownerIn, ownOwner } from './labels.ts';

const me = ownOwner();
const here = { scope: me.scope, remote: false };
/** A process of the same pid that was another one: its time has passed. */
const dead: Owner = { ...me, process: { ...me.process, startedAt: '1' } };
const elsewhere = (changes: Partial<Owner['scope']>, owner: Owner = dead): Owner => ({
  ...owner,
  scope: { ...owner.scope, ...changes },
});

test('an owner is read back from the labels that it writes', () => {
  expect(ownerIn(labelsOf('r1', me))).toEqual(me);
  expect(labelsOf('r1', me)).toMatchObject({ 'harness.run': 'r1' });
});

test('labels that lack anything name no owner', () => {
  const labels = labelsOf('r1', me);
  for (const name of Object.keys(labels).filter((label) => !/run|host/.test(label))) {
    const { [name]: _, ...rest } = labels;
    expect({ name, owner: ownerIn(rest) }).toEqual({ name, owner: null });
  }
  expect(ownerIn({ ...labels, 'harness.owner.pid': '0' })).toBeNull();
});

describe('the fate of an owner', () => {
  test('is known of processes of this boot and pid namespace', () => {
    expect([fateOf(me, here), fateOf(dead, here)]).toEqual(['alive', 'dead']);
  });

  test('is unknown of another machine and of another pid namespace, whatever runs there', () => {
    expect(fateOf(elsewhere({ machine: 'another' }), here)).toBe('unknown');
    expect(fateOf(elsewhere({ machine: 'another' }, me), here)).toBe('unknown');
    expect(fateOf(elsewhere({ namespace: 'another' }), here)).toBe('unknown');
    expect(fateOf(null, here)).toBe('unknown');
  });

  test('is death when its machine was started again since, but for an engine that copies of this machine may share', () => {
    expect(fateOf(elsewhere({ boot: 'earlier' }, me), here)).toBe('dead');
    expect(fateOf(elsewhere({ boot: 'earlier' }, me), { ...here, remote: true })).toBe('unknown');
  });
});
