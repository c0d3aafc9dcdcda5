import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../../../core/errors.ts';

/** The folder of the whole package: of its `docker/`, `dist/` and `node_modules/`, from the sources as from `dist/`. */
export async function packageRoot(): Promise<string> {
  const here = dirname(fileURLToPath(new URL('./package-root.js', import.meta.url)));
  for (let folder = here; dirname(folder) !== folder; folder = dirname(folder))
    if (await isThere(join(folder, 'docker', 'install.sh'))) return folder;
  throw new HarnessError(`There is no docker/ folder above ${here}: this copy of harness is not whole.`);
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
