/**
 * The sending end of one ordered pair of nodes: its own connection, opened by the sender. It is a datagram service:
 * what cannot be sent soon is dropped, the oldest first. While connected it says `ping` every 250 ms and the receiver
 * answers `pong`; a link that stays silent for a second is torn down and dialled again, so that the time to recover is
 * ours and not that of TCP's back-off. Silence is counted in pings and not in time: a node that was stopped itself
 * does not take its own sleep for the silence of others.
 */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Address } from './address.ts';
import { connectOptions } from './address.ts';

export const ping = 'ping';
export const pong = 'pong';

export interface LinkTiming {
  /** Milliseconds, all of them. */
  readonly pingEvery: number;
  readonly silence: number;
  readonly redialAfter: number;
  readonly dialTimeout: number;
}

export const linkTiming: LinkTiming = { pingEvery: 250, silence: 1000, redialAfter: 75, dialTimeout: 1000 };

/** Frames that wait while the socket takes no more, or while a dial is under way. */
export const queueLimit = 1024;
/** UTF-16 units that may wait. */
const queuedTextLimit = 8 * 1024 * 1024;

export class PeerLink {
  readonly #address: Address;
  readonly #timing: LinkTiming;
  #queue: string[] = [];
  #queuedText = 0;
  #socket: Socket | null = null;
  #connected = false;
  #flushSoon = false;
  #unanswered = 0;
  #dropped = 0;
  #dials = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Dials at once. */
  constructor(address: Address, timing: LinkTiming = linkTiming) {
    this.#address = address;
    this.#timing = timing;
    this.#dial();
  }

  /** How many frames were given up, how often it has dialled, and whether it is connected now. */
  get state(): { readonly dropped: number; readonly dials: number; readonly connected: boolean } {
    return { dropped: this.#dropped, dials: this.#dials, connected: this.#connected };
  }

  send(frame: string): void {
    if (this.#closed) return;
    this.#queue.push(frame);
    this.#queuedText += frame.length;
    while (this.#queue.length > queueLimit || (this.#queuedText > queuedTextLimit && this.#queue.length > 1)) {
      this.#queuedText -= (this.#queue.shift() as string).length;
      this.#dropped++;
    }
    if (this.#flushSoon || !this.#connected) return;
    this.#flushSoon = true;
    // All frames of one turn leave with one write.
    process.nextTick(() => {
      this.#flushSoon = false;
      this.#flush();
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket === null || !this.#connected || socket.writableNeedDrain || this.#queue.length === 0) return;
    socket.write(`${this.#queue.join('\n')}\n`);
    this.#queue = [];
    this.#queuedText = 0;
  }

  #dial(): void {
    this.#dials++;
    const socket = connect(connectOptions(this.#address));
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.destroy(), this.#timing.dialTimeout);
    socket.on('connect', () => this.#opened(socket));
    socket.on('drain', () => this.#flush());
    // Only pongs come back; any byte is a sign of life.
    socket.on('data', () => (this.#unanswered = 0));
    // The reason does not matter: 'close' follows, and the link is dialled again.
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#lost());
  }

  #opened(socket: Socket): void {
    clearTimeout(this.#timer);
    this.#connected = true;
    this.#unanswered = 0;
    this.#flush();
    const beat = (): void => {
      if (this.#unanswered * this.#timing.pingEvery >= this.#timing.silence) return void socket.destroy();
      this.#unanswered++;
      if (!socket.writableNeedDrain) socket.write(`${ping}\n`);
      this.#timer = setTimeout(beat, this.#timing.pingEvery);
    };
    beat();
  }

  #lost(): void {
    clearTimeout(this.#timer);
    this.#connected = false;
    this.#socket = null;
    this.#dropped += this.#queue.length;
    this.#queue = [];
    this.#queuedText = 0;
    if (!this.#closed) this.#timer = setTimeout(() => this.#dial(), this.#timing.redialAfter);
  }
}
