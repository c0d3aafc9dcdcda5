/**
 * Temporary folders that say whose they are, so that a later start removes what a harness and its supervisor left that
 * were both killed. What belongs to somebody who lives, or may live, is left alone.
 */
import { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { pidScope } from '../real/process-table.ts';
import type { Owner } from './labels.ts';
import { fateOf, ownOwner } from './labels.ts';

/** Nothing that is not called so is ever removed. */
const name = /^harness-(?:docker|debian)-[A-Za-z0-9]{6}$/;
const ownerFile = 'owner.json';

const text = v.pipe(v.string(), v.minLength(1));
const schema = v.object({
  process: v.object({ pid: v.pipe(v.number(), v.safeInteger(), v.minValue(2)), startedAt: text }),
  scope: v.object({ machine: text, boot: text, namespace: text }),
  host: v.string(),
});

/** Makes one. Its owner is this process, unless told otherwise. */
export function temporaryFolder(
  kind: 'docker' | 'debian',
  parent: string = tmpdir(),
  owner: Owner = ownOwner(),
): string {
  const folder = mkdtempSync(join(parent, `harness-${kind}-`));
  writeFileSync(join(folder, ownerFile), JSON.stringify(owner));
  return folder;
}

/** Removes those of dead owners, and answers with their paths. Quick and quiet when there is nothing. */
export function reapFolders(parent: string = tmpdir()): readonly string[] {
  const folders = readdirSync(parent)
    .filter((each) => name.test(each))
    .map((each) => join(parent, each));
  return folders.filter((folder) => {
    try {
      const stat = lstatSync(folder);
      if (!stat.isDirectory() || stat.uid !== userInfo().uid) return false;
      const owner = v.parse(schema, JSON.parse(readFileSync(join(folder, ownerFile), 'utf8')));
      if (fateOf(owner, { scope: pidScope(), remote: false }) !== 'dead' || isMounted(folder)) return false;
      rmSync(folder, { recursive: true, force: true });
      return true;
    } catch {
      // Somebody else has removed it meanwhile, or nobody knows whose it is.
      return false;
    }
  });
}

/** A debootstrap that was killed may leave the kernel's own files mounted in it. */
const isMounted = (folder: string): boolean => existsSync(join(systemIn(folder), 'proc', 'self'));

/** Where in a folder for it a Debian is made, beside the name of its owner. */
export const systemIn = (folder: string): string => join(folder, 'system');
