/** The control node's side of the link proxies: commands go to their worker thread as messages, in order. */
import { Worker } from 'node:worker_threads';
import { HarnessError } from '../../core/errors.ts';
import type { Link } from '../faults.ts';
import type { Body } from '../../protocol/wire.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import { linkName } from '../link-proof.ts';
import { compiledPath } from '../real/compiled-path.ts';
import type { Fate, LinkWitness } from '../real/link-prover.ts';
import { observe } from '../real/waiting.ts';
import type { LinkAddress } from './link-proxy.ts';

export type LinkCommand = { readonly id: number } & LinkRequest;

export type LinkRequest =
  | { readonly kind: 'open'; readonly links: readonly LinkAddress[] }
  /** From now on exactly these are cut. */
  | { readonly kind: 'cut'; readonly links: readonly string[] }
  | { readonly kind: 'inject'; readonly link: string; readonly frame: string };

export type LinkReport =
  | { readonly kind: 'done'; readonly id: number; readonly error: string | null }
  | { readonly kind: 'probe'; readonly nonce: number; readonly fate: Fate };

/** How many fates of probes are remembered. */
const fateLimit = 10_000;

export class Links implements LinkWitness {
  readonly #worker = new Worker(compiledPath(new URL('./link-worker.js', import.meta.url)));
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  readonly #fates = new Map<number, Fate>();
  #commands = 0;
  #failed: HarnessError | null = null;

  constructor() {
    const fail = (why: string): void => {
      const failed = (this.#failed ??= new HarnessError(`The link proxies have failed: ${why}`));
      for (const { reject } of this.#waiting.values()) reject(failed);
      this.#waiting.clear();
    };
    this.#worker.on('message', (report: LinkReport) => this.#take(report));
    this.#worker.on('error', (error) => fail(error.message));
    this.#worker.on('exit', () => fail('their thread has ended'));
  }

  async open(links: readonly LinkAddress[]): Promise<void> {
    await this.#ask({ kind: 'open', links });
  }

  async cut(links: readonly Link[]): Promise<void> {
    await this.#ask({ kind: 'cut', links: links.map(linkName) });
  }

  async watch(link: Link, nonce: number, send: (() => Promise<unknown>) | null, within: number): Promise<Fate | null> {
    const [from, to] = link;
    // Where an end is not there, the frame is put into the proxy.
    if (send === null)
      await this.#ask({ kind: 'inject', link: linkName(link), frame: encodeFrame(from, to, probeOf(nonce)) });
    else await send();
    return await observe(within, () => this.#fates.get(nonce) ?? null);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(request: LinkRequest): Promise<void> {
    if (this.#failed !== null) throw this.#failed;
    const id = ++this.#commands;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage({ ...request, id } satisfies LinkCommand);
    });
  }

  #take(report: LinkReport): void {
    if (report.kind === 'probe') {
      this.#fates.set(report.nonce, report.fate);
      if (this.#fates.size > fateLimit) this.#fates.delete(this.#fates.keys().next().value as number);
      return;
    }
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.error === null) waiting?.resolve();
    else waiting?.reject(new HarnessError(`The link proxies have failed: ${report.error}`));
  }
}

const probeOf = (nonce: number): Body => ({ type: 'harness/probe', nonce }) as Body;
