/** Connections that are only made to see what becomes of them on their way. */
import { connect } from 'node:net';
import type { Dialled } from './requests.ts';

/** Milliseconds. */
export function dial(host: string, port: number, within: number): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (dialled: Dialled): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(dialled);
    };
    const timer = setTimeout(() => finish('silent'), within);
    socket.on('connect', () => finish('connected'));
    // Whoever says no is there. Where there is no way to anybody, nobody has said anything.
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      finish(code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'silent'),
    );
  });
}

export interface Push {
  readonly host: string;
  readonly port: number;
  readonly bytes: number;
  /** Milliseconds. */
  readonly within: number;
}

/** What a link says to see whether it is heard (runtimes/real/peer-link.ts), and one answer to it. */
const ping = 'ping\n';
const answerBytes = 'pong\n'.length;

/**
 * The time, in milliseconds, from the first byte that leaves until the ping at the end of so many bytes has been answered;
 * null: it did not come so far. What comes before it are empty lines, of which no node takes notice: of thousands of pings at
 * once a node leaves some unanswered, since it has no room for so many answers.
 */
export function push({ host, port, bytes, within }: Push): Promise<number | null> {
  return new Promise((resolve) => {
    const volley = '\n'.repeat(Math.max(0, bytes - ping.length)) + ping;
    let begun = 0;
    let heard = 0;
    const socket = connect({ host, port, noDelay: true });
    const finish = (took: number | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(took);
    };
    const timer = setTimeout(() => finish(null), within);
    socket.on('connect', () => {
      begun = performance.now();
      socket.write(volley);
    });
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.length;
      if (heard >= answerBytes) finish(performance.now() - begun);
    });
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(null));
  });
}
