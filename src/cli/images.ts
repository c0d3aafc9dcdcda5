/** `harness images`: builds what the Docker environment runs in, before the first run would. */
import { UsageError } from '../core/errors.ts';
import { requireEngine } from '../environments/docker/engine.ts';
import { sizesOf, ensureImages } from '../environments/docker/images/images.ts';
import { type Texts, textOf } from './flags.ts';
import { type Terminal, interruptible } from './terminal.ts';

/** Resolves to exit code 0, or rejects with a UsageError that says what to do. */
export async function imagesCommand(flags: Texts, { print, note }: Terminal): Promise<number> {
  const base = textOf(flags, 'base');
  if (base?.trim() === '')
    throw new UsageError(
      '--base wants the name of an image, such as node:22-bookworm-slim. Leave it out to use what is at hand.',
    );
  const engine = await requireEngine();
  const begun = performance.now();
  const images = await interruptible(
    note,
    (signal) => ensureImages(engine, { progress: note, signal, ...(base === undefined ? {} : { base }) }),
    'Interrupted. What is half built is left to the engine.',
  );
  const sizes = await sizesOf(engine, images);
  if (flags['json'] === true) {
    print(JSON.stringify({ ...images, sizes }, null, 2));
    return 0;
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  print(`Images made from ${images.origin}; ready after ${seconds} s.`);
  for (const { role, name, bytes } of sizes) print(`  ${role.padEnd(8)}${name}  ${Math.round(bytes / 1e6)} MB`);
  if (images.faketime === null) print('  They have no libfaketime, so the clock nemesis cannot be used.');
  return 0;
}
