import { mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runName } from './plan.ts';
import { createRunFolder } from './store.ts';
import { fakeTest } from './testing/fake-test.ts';

let store = '';
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(store, { recursive: true }));

const at = new Date('2026-11-20T13:45:02.123Z');

describe('the store', () => {
  it('gives each run a folder by its time, and links to the latest', () => {
    const folder = createRunFolder(store, 'raft-register-kill', at);
    expect(folder.name).toBe('raft-register-kill/20261120T134502.123Z');
    expect(readlinkSync(join(store, 'latest'))).toBe('raft-register-kill/20261120T134502.123Z');
    expect(readlinkSync(join(store, 'raft-register-kill', 'latest'))).toBe('20261120T134502.123Z');
    const second = createRunFolder(store, 'other', new Date(at.getTime() + 5));
    expect(realpathSync(join(store, 'latest'))).toBe(realpathSync(second.path));
    expect(realpathSync(join(store, 'raft-register-kill/latest'))).toBe(realpathSync(folder.path));
  });

  it('says what to do where no folder can be made', () => {
    expect(() => createRunFolder('', 'a', at)).toThrow('--store wants a folder, and got an empty name.');
    const file = join(store, 'file');
    writeFileSync(file, '');
    expect(() => createRunFolder(file, 'a', at)).toThrow(
      /^Runs cannot be kept in .*Give another folder with --store\.$/,
    );
  });

  it('gives two runs of the same millisecond different folders', () => {
    const names = [createRunFolder(store, 'a', at), createRunFolder(store, 'a', at)].map(({ name }) => name);
    expect(names).toEqual(['a/20261120T134502.123Z', 'a/20261120T134502.124Z']);
  });

  it('writes files whole, in folders of their own, and leaves no drafts', () => {
    const folder = createRunFolder(store, 'a', at);
    folder.write('deep/file.txt', 'one');
    folder.write('deep/file.txt', 'two');
    expect(readFileSync(join(folder.path, 'deep/file.txt'), 'utf8')).toBe('two');
    expect(readdirSync(join(folder.path, 'deep'))).toEqual(['file.txt']);
  });

  it('names a run so that every file system and shell can say it', () => {
    const { plan } = fakeTest();
    expect(runName({ ...plan, nemeses: ['cut:first', 'kill'] })).toBe('ledger-scribble-cut.first+kill');
    expect(runName({ ...plan, nemeses: ['../a b'] })).toBe('ledger-scribble-.._a_b');
  });
});
