import { unlinkSync } from 'node:fs';
import type { NetConnectOpts, ListenOptions } from 'node:net';
import { HarnessError } from '../../core/errors.ts';

/** Where a node listens: a Unix socket, or a TCP port. Written `unix:/path` or `tcp:host:port`. */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** Linux allows 107 bytes, macOS 103; a longer path is cut off silently by some systems. */
export const socketPathLimit = 103;

/** Throws when the text is no address, or names a socket path that some systems cannot hold. */
export function parseAddress(text: string): Address {
  const unix = /^unix:(\/.+)$/.exec(text);
  if (unix !== null) return { kind: 'unix', path: checkedSocketPath(unix[1] as string) };
  const tcp = /^tcp:(.+):(\d{1,5})$/.exec(text);
  const port = Number(tcp?.[2]);
  if (tcp !== null && port <= 65_535)
    return { kind: 'tcp', host: (tcp[1] as string).replace(/^\[(.*)\]$/, '$1'), port };
  throw new Error(`"${text}" is no address. Write unix:/path/to/socket or tcp:host:port.`);
}

/** Returns the path, or throws when it is longer than a socket's path may be. */
export function checkedSocketPath(path: string): string {
  const bytes = Buffer.byteLength(path);
  if (bytes > socketPathLimit)
    throw new HarnessError(
      `The path of the socket ${path} has ${bytes} bytes, and a Unix socket allows ${socketPathLimit}. Set TMPDIR to a folder with a shorter path.`,
    );
  return path;
}

export const connectOptions = (address: Address): NetConnectOpts =>
  address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port, noDelay: true };

/** What to listen on. A socket file that an earlier life left behind is removed, or it would count as in use. */
export function listenOptions(address: Address): ListenOptions {
  if (address.kind === 'tcp') return { host: address.host, port: address.port };
  try {
    unlinkSync(address.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { path: address.path };
}
