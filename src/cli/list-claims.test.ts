/** The committed page, and the measuring behind it, with the registries as they are. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claimsTable, fewestNodes } from '../explore/claims-table.ts';
import { claimed, measure, workloadsFor } from '../explore/measure.ts';
import { catalogue } from './catalogue.ts';
import { simulated } from './environments.ts';
import { listCommand } from './list.ts';

const page = readFileSync(new URL('../../docs/consistency.md', import.meta.url), 'utf8');

/** System and options of each row of a table. */
const rowsOf = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim())
        .join(' '),
    );

describe('docs/consistency.md', () => {
  it('shows what is claimed now; after a change, ./bin/harness list --claims --measured writes it anew', () => {
    const [, promises = ''] = page.split('## What is promised');
    const table = promises
      .split('## ', 1)[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|'));
    expect(table).toEqual(claimsTable(claimed(catalogue)));
  });

  it('has a row for each option set in every table', () => {
    const wanted = rowsOf(claimsTable(claimed(catalogue))).slice(1);
    const tables = page.split('## ').map((part) => rowsOf(part.split('\n')).filter((row) => wanted.includes(row)));
    expect(tables.filter((rows) => rows.length > 0)).toEqual([wanted, wanted, wanted, wanted]);
  });
});

describe('a measurement', () => {
  const { environment, reason } = simulated();
  const signal = new AbortController().signal;
  const { raft } = catalogue.systems;
  if (raft === undefined) throw new Error('raft is in the registry');
  // Its defaults alone: the options of a system are what makes its option sets.
  const small = {
    ...catalogue,
    systems: { raft: { ...raft, options: raft.options.filter(({ choices }) => !choices) } },
  };
  const plan = { catalogue: small, environment, reason, note: () => {}, signal };

  it('is the same for the same seed, and another for another', { timeout: 60_000 }, async () => {
    const [one, again, other] = [
      await measure({ ...plan, seed: 1 }),
      await measure({ ...plan, seed: 1 }),
      await measure({ ...plan, seed: 2 }),
    ];
    expect(JSON.stringify(again)).toBe(JSON.stringify(one));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(one));
    expect(one?.map(({ accusations, gaps }) => [...accusations, ...gaps])).toEqual([[]]);
  });

  it('that is interrupted gives nothing', async () => {
    expect(await measure({ ...plan, seed: 1, signal: AbortSignal.abort() })).toBeNull();
  });

  it('takes as few workloads as decide all models, and none that the system does not understand', () => {
    for (const name of Object.keys(catalogue.systems)) {
      const [first, ...others] = workloadsFor(catalogue, name);
      expect([name, first]).toEqual([name, 'converge']);
      expect(others).not.toContain('register');
    }
  });
});

describe('harness list --claims', () => {
  const printed = async (flags: object): Promise<readonly string[]> => {
    const out: string[] = [];
    const print = (text: string): void => void out.push(text);
    expect(await listCommand({ ...flags }, { print, note: print, colour: false })).toBe(0);
    return out;
  };

  it('prints the table, or the same for programs', async () => {
    expect((await printed({ claims: true })).join('\n').split('\n')).toEqual(claimsTable(claimed(catalogue)));
    const { sets } = JSON.parse((await printed({ claims: true, json: true })).join('')) as {
      sets: { system: string }[];
    };
    expect(sets.map(({ system }) => system)).toEqual(claimed(catalogue).map(({ system }) => system));
  });

  it('refuses flags that mean nothing there', async () => {
    await expect(printed({ claims: true, seed: '2' })).rejects.toThrow(
      '--seed is of what is measured: add --measured.',
    );
    await expect(printed({ measured: true })).rejects.toThrow('--measured is of what is claimed: add --claims.');
  });

  it('says with how many nodes each function must succeed', () => {
    const live = (healthy: readonly unknown[]) =>
      healthy.length >= 4 ? ['read', 'write'] : healthy.length >= 2 ? ['read'] : [];
    const claim = { model: 'linearizable', operations: ['read', 'write'], assumes: {}, live } as const;
    expect(fewestNodes(claim)).toBe('read 2, write 4');
    expect(fewestNodes({ ...claim, operations: ['write'] })).toBe('4');
    expect(fewestNodes({ ...claim, operations: ['cas'] })).toBe('never');
  });
});
