import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import { checkedSocketPath } from '../../runtimes/real/address.ts';
import { folderPrefix } from './owners.ts';

/** Below the temporary folder of the system, or the given one: Unix sockets need a short path. Throws when it is too long for one of the nodes. */
export function socketFolder(nodes: readonly NodeId[], temporary: string = tmpdir()): string {
  const parent = resolve(temporary);
  const longest = Math.max(...nodes.map((node) => node.length));
  // Two names and a dash, or one and a word: checked before anything is made.
  checkedSocketPath(
    join(parent, `${folderPrefix}XXXXXX`, 'n'.repeat(Math.max(2 * longest + 1, longest + '.clients'.length))),
  );
  return mkdtempSync(join(parent, folderPrefix));
}
