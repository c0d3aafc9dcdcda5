/** A Debian from its packages, imported as an image: for a machine that reaches a mirror and no registry. */
import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import type { Engine } from '../engine.ts';
import { systemIn, temporaryFolder } from '../temporary-folders.ts';
import { type Building, identityOf } from './build.ts';
import { findProgram } from './host-programs.ts';
import { imageLabel } from './recipe.ts';

const suite = 'bookworm';
/** What both images want, and what Node loads. */
const packages = ['iptables', 'iproute2', 'libfaketime', 'libstdc++6', 'libatomic1'];
/** In milliseconds. */
const limit = 600_000;

/** The name under which the imported system is kept. */
export const debianImage = ({ facts }: Engine): string => `harness-debian:${suite}-${facts.architecture}`;

/** Resolves to the identity of the image. Rejects with the reason where it cannot be made. */
export async function ensureDebian(engine: Engine, { progress, signal }: Building): Promise<string> {
  const name = debianImage(engine);
  const present = await identityOf(engine.docker, name);
  if (present !== null) return present;
  const program = await findProgram('debootstrap');
  if (program === null) throw new Error('this machine has no debootstrap (Debian: sudo apt-get install debootstrap)');
  if (process.getuid?.() !== 0) throw new Error('debootstrap works for root only');
  const folder = temporaryFolder('debian');
  try {
    progress(`making a Debian ${suite} by debootstrap, which takes a minute or two`);
    const options = ['--variant=minbase', `--include=${packages.join(',')}`, suite, systemIn(folder)];
    await execa(program, options, { timeout: limit, cancelSignal: signal, all: true });
    await importFolder(engine, systemIn(folder), name, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const made = await identityOf(engine.docker, name);
  if (made === null) throw new Error(`${name} was imported, and the engine does not have it all the same`);
  return made;
}

async function importFolder({ docker }: Engine, folder: string, name: string, signal: AbortSignal): Promise<void> {
  const tar = execa('tar', ['-C', folder, '--exclude=./var/cache/apt/archives/*.deb', '-c', '.'], {
    buffer: false,
    timeout: limit,
  });
  const [repo, tag] = name.split(':');
  const stream = await docker.importImage(tar.stdout, {
    repo,
    tag,
    changes: `LABEL ${imageLabel}=debian`,
    abortSignal: AbortSignal.any([signal, AbortSignal.timeout(limit)]),
  });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
  await tar;
}
