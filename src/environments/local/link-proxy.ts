/**
 * Stands in the way from one node to another and passes whole frames on, or drops them while the link is cut. Each
 * ordered pair of nodes has its own, so cutting n1 -> n2 leaves n2 -> n1 flowing. Pings of the link are frames like
 * any other (and are not counted): a cut link falls silent, and its sender dials again and again, as over a real cut.
 */
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Lines, textsOf } from '../../runtimes/real/lines.ts';
import type { Fate } from '../real/link-prover.ts';

export interface LinkAddress {
  /** `n1>n2` */
  readonly name: string;
  /** Paths of Unix sockets. */
  readonly listen: string;
  readonly target: string;
}

export interface LinkCounts {
  readonly forwarded: number;
  readonly dropped: number;
}

/** Bytes that may wait for a node that does not read; what comes then is dropped. */
const waitingLimit = 8 * 1024 * 1024;
const openingBrace = 0x7b;

export class LinkProxy {
  readonly #address: LinkAddress;
  readonly #onProbe: (nonce: number, fate: Fate) => void;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #newest: Socket | null = null;
  #forwarded = 0;
  #dropped = 0;
  cut = false;

  /** `onProbe` hears of every probe of the harness that came this way. */
  constructor(address: LinkAddress, onProbe: (nonce: number, fate: Fate) => void) {
    this.#address = address;
    this.#onProbe = onProbe;
    this.#server = createServer((inbound) => this.#accept(inbound));
  }

  get counts(): LinkCounts {
    return { forwarded: this.#forwarded, dropped: this.#dropped };
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#address.listen, () => {
        this.#server.off('error', reject);
        this.#server.on('error', () => {});
        resolve();
      });
    });
  }

  /** Treats the frame as if the sending node had just sent it. */
  inject(frame: string): void {
    this.#pass(Buffer.from(`${frame}\n`), this.#newest);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(inbound: Socket): void {
    const outbound = connect({ path: this.#address.target });
    this.#newest = outbound;
    for (const socket of [inbound, outbound]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    const lines = new Lines();
    inbound.on('data', (chunk: Buffer) => {
      let whole: Buffer | null;
      try {
        whole = lines.push(chunk);
      } catch {
        inbound.destroy();
        return;
      }
      if (whole !== null) this.#pass(whole, outbound);
    });
    outbound.on('data', (chunk: Buffer) => {
      if (!inbound.writableNeedDrain) inbound.write(chunk);
    });
    // What has passed is on its way, even when its sender dies.
    inbound.on('close', () => outbound.end());
    outbound.on('close', () => {
      if (this.#newest === outbound) this.#newest = null;
      inbound.destroy();
    });
  }

  #pass(whole: Buffer, outbound: Socket | null): void {
    const passes = !this.cut && outbound !== null && outbound.writable && outbound.writableLength <= waitingLimit;
    if (passes) outbound.write(whole);
    if (passes) this.#forwarded += framesIn(whole);
    else this.#dropped += framesIn(whole);
    if (!whole.includes('"harness/probe"')) return;
    for (const line of textsOf(whole)) {
      const probe = /"type":"harness\/probe","nonce":(\d+)/.exec(line);
      if (probe !== null) this.#onProbe(Number(probe[1]), this.cut ? 'cut' : passes ? 'forwarded' : 'lost');
    }
  }
}

/** Counts the lines that begin like a JSON object. */
function framesIn(whole: Buffer): number {
  let frames = 0;
  for (let from = 0; from < whole.length; from = whole.indexOf(10, from) + 1)
    if (whole[from] === openingBrace) frames++;
  return frames;
}
