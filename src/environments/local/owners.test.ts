import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ownership } from './owners.ts';
import { OwnerFile, reapDeadOwners } from './owners.ts';
import type { ProcessIdentity } from '../real/process-table.ts';
import { identify, isAlive, pidScope } from '../real/process-table.ts';

let temporary = '';
let owners = '';
let closing: (() => unknown)[] = [];
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'owners-'));
  owners = join(temporary, 'harness-owners-0');
  mkdirSync(owners);
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  rmSync(temporary, { recursive: true });
});

/** A process that sleeps until somebody kills it. */
const sleeper = (): { readonly identity: ProcessIdentity; readonly ended: Promise<string | undefined> } => {
  const child = execa('sleep', ['60'], { reject: false });
  closing.push(() => child.kill('SIGKILL'));
  return {
    identity: identify(child.pid as number) as ProcessIdentity,
    ended: child.then(({ signal }) => signal),
  };
};

const me = identify(process.pid) as ProcessIdentity;
/** A process of the same pid that was another one: its time has passed. */
const dead: ProcessIdentity = { ...me, startedAt: '1' };

const written = (ownership: Partial<Ownership>): string => {
  const folder = mkdtempSync(join(temporary, 'harness-run-'));
  const name = join(owners, `${readdirSync(owners).length}.json`);
  writeFileSync(name, JSON.stringify({ harness: dead, scope: pidScope(), folder, processes: [], ...ownership }));
  return folder;
};

describe('owner files', () => {
  test('tell who owns what, and are gone when their owner removes them', () => {
    const file = new OwnerFile(join(temporary, 'harness-run-x'), owners);
    file.add(dead);
    const held = (): unknown => JSON.parse(readFileSync(file.path, 'utf8')) as unknown;
    const ownership = { harness: me, scope: pidScope(), folder: join(temporary, 'harness-run-x') };
    expect(held()).toEqual({ ...ownership, processes: [dead] });
    file.delete(dead);
    expect(held()).toEqual({ ...ownership, processes: [] });
    file.remove();
    expect(readdirSync(owners)).toEqual([]);
  });

  test('let the next start kill and remove what a dead owner left behind, even what is stopped', async () => {
    const [one, other] = [sleeper(), sleeper()];
    process.kill(other.identity.pid, 'SIGSTOP');
    const folder = written({ processes: [one.identity, other.identity] });
    expect(reapDeadOwners(owners)).toEqual({ processes: 2, folders: [folder] });
    expect(await Promise.all([one.ended, other.ended])).toEqual(['SIGKILL', 'SIGKILL']);
    expect([existsSync(folder), readdirSync(owners)]).toEqual([false, []]);
    expect(reapDeadOwners(owners)).toEqual({ processes: 0, folders: [] });
  });

  test.each([
    ['a living owner', { harness: me }],
    ['another machine', { scope: { ...pidScope(), machine: 'another' } }],
    ['another boot', { scope: { ...pidScope(), boot: 'another' } }],
    ['another pid namespace', { scope: { ...pidScope(), namespace: 'another' } }],
  ])('protect what belongs to %s', (_who, ownership) => {
    const { identity } = sleeper();
    const folder = written({ ...ownership, processes: [identity] });
    expect(reapDeadOwners(owners)).toEqual({ processes: 0, folders: [] });
    expect([isAlive(identity), existsSync(folder), readdirSync(owners).length]).toEqual([true, true, 1]);
  });

  test('never kill a process that only has the same pid', () => {
    const { identity } = sleeper();
    written({ processes: [{ ...identity, startedAt: '1' }] });
    expect(reapDeadOwners(owners).processes).toBe(0);
    expect(isAlive(identity)).toBe(true);
  });

  test('never remove a folder that is not one of ours', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'harness-run-'));
    const foreign = join(temporary, 'precious');
    mkdirSync(foreign);
    written({ folder: elsewhere });
    written({ folder: foreign });
    expect(reapDeadOwners(owners).folders).toEqual([]);
    expect([existsSync(elsewhere), existsSync(foreign)]).toEqual([true, true]);
    rmSync(elsewhere, { recursive: true });
  });

  test('that cannot be read are left alone', () => {
    writeFileSync(join(owners, 'half.json'), '{"harness":');
    writeFileSync(join(owners, 'other.json'), '{"version":9}');
    expect(reapDeadOwners(owners)).toEqual({ processes: 0, folders: [] });
    expect(readdirSync(owners)).toHaveLength(2);
    expect(reapDeadOwners(join(temporary, 'missing'))).toEqual({ processes: 0, folders: [] });
  });
});
