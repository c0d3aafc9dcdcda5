/** The part of tar-stream that we use; it brings no types of its own. */
declare module 'tar-stream' {
  import type { Readable } from 'node:stream';

  interface Header {
    readonly name: string;
    readonly type?: 'file' | 'symlink' | 'directory';
    readonly mode?: number;
    readonly mtime?: Date;
    readonly linkname?: string;
  }

  interface Pack extends Readable {
    entry(header: Header, content: Buffer, done: (error?: Error | null) => void): void;
    entry(header: Header, done: (error?: Error | null) => void): void;
    finalize(): void;
  }

  export function pack(): Pack;
}
