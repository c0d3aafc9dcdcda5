/**
 * One connection from one client to one node. It knows which attempts surely never left (the connection never came
 * about) and which may have arrived (it was lost after they were written): the difference between an operation that
 * failed and one of unknown fate.
 */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { NodeId } from '../../core/ids.ts';
import { messageOf } from '../../core/errors.ts';
import type { Attempt } from '../../protocol/client.ts';
import type { ClientId, RequestBody, ResponseBody } from '../../protocol/wire.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire.ts';
import type { Address } from '../../runtimes/real/address.ts';
import { connectOptions } from '../../runtimes/real/address.ts';
import { Lines, textsOf } from '../../runtimes/real/lines.ts';
import type { ClientReceiver } from '../environment.ts';

/** Milliseconds that a connection may take to come about. */
const connectTimeout = 1_000;

export class ClientChannel {
  readonly #client: ClientId;
  readonly #node: NodeId;
  readonly #receiver: ClientReceiver;
  readonly #socket: Socket;
  /** Frames that wait for the connection, and attempts that were written to it. */
  readonly #waiting: { readonly attempt: Attempt; readonly frame: string }[] = [];
  readonly #written = new Set<Attempt>();
  #connected = false;
  #why = 'the connection was closed before the answer';
  #closed = false;

  /** `onClose` is called when the channel is of no more use, before its attempts are given up. */
  constructor(client: ClientId, node: NodeId, address: Address, receiver: ClientReceiver, onClose: () => void) {
    this.#client = client;
    this.#node = node;
    this.#receiver = receiver;
    this.#socket = connect(connectOptions(address));
    const timeout = setTimeout(() => this.#fail(`no connection within ${connectTimeout} ms`), connectTimeout);
    this.#socket.on('connect', () => {
      clearTimeout(timeout);
      this.#opened();
    });
    const lines = new Lines();
    this.#socket.on('data', (chunk: Buffer) => this.#take(lines, chunk));
    this.#socket.on('error', (error) => (this.#why = error.message));
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.on('close', () => {
      clearTimeout(timeout);
      onClose();
      this.#giveUp();
    });
  }

  request(attempt: Attempt, body: RequestBody): void {
    const frame = encodeFrame(this.#client, this.#node, { ...body, msg_id: attempt });
    if (this.#connected) this.#write(attempt, frame);
    else this.#waiting.push({ attempt, frame });
  }

  /** Nothing is received any more. */
  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #opened(): void {
    this.#connected = true;
    for (const { attempt, frame } of this.#waiting.splice(0)) this.#write(attempt, frame);
  }

  #write(attempt: Attempt, frame: string): void {
    this.#written.add(attempt);
    this.#socket.write(`${frame}\n`);
  }

  #take(lines: Lines, chunk: Buffer): void {
    try {
      const whole = lines.push(chunk);
      if (whole === null) return;
      for (const text of textsOf(whole)) {
        if (this.#closed) return;
        const body = decodeFrame(text).body as ResponseBody;
        const attempt = body['in_reply_to'];
        if (typeof attempt !== 'number') throw new SyntaxError('an answer without in_reply_to');
        if (this.#written.delete(attempt)) this.#receiver.reply(attempt, body);
      }
    } catch (error) {
      this.#fail(`the answer could not be read: ${messageOf(error)}`);
    }
  }

  #fail(why: string): void {
    this.#why = why;
    this.#socket.destroy();
  }

  #giveUp(): void {
    if (this.#closed) return;
    for (const { attempt } of this.#waiting.splice(0)) this.#receiver.undeliverable(attempt, 'before', this.#why);
    for (const attempt of this.#written) this.#receiver.undeliverable(attempt, 'after', this.#why);
    this.#written.clear();
  }
}
