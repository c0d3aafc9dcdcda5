/**
 * The wire format is Maelstrom's (doc/protocol.md): one JSON object a line, `{"src","dest","body"}`. A request body
 * carries `msg_id`, its answer `in_reply_to`; errors are `{"type":"error","code","text"}`.
 */
import type { Brand, NodeId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';

/** `c0`, `c1`, ...: the address of a client process. */
export type ClientId = Brand<string, 'ClientId'>;

export interface Body {
  readonly type: string;
}

export interface RequestBody extends Body {
  readonly [field: string]: Json;
}

export interface ResponseBody extends Body {
  readonly [field: string]: Json;
}

export interface ErrorBody extends ResponseBody {
  readonly type: 'error';
  readonly code: number;
  readonly text: string;
}

export interface Frame<B extends Body = Body> {
  readonly src: string;
  readonly dest: string;
  readonly body: B;
}

// The type parameter lets a literal carry more fields than `type`.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export const encodeFrame = <B extends Body>(src: string, dest: string, body: B): string =>
  JSON.stringify({ src, dest, body });

/** Throws a SyntaxError on text that is not a frame. */
export function decodeFrame(text: string): Frame {
  const frame = JSON.parse(text) as Partial<Frame> | null;
  if (typeof frame?.src !== 'string' || typeof frame.dest !== 'string' || typeof frame.body?.type !== 'string')
    throw new SyntaxError(`Not a frame with src, dest and a typed body: ${text.slice(0, 200)}`);
  return frame as Frame;
}

export const clientId = (process: number): ClientId => `c${process}` as ClientId;

/** A refusal or a failure in Maelstrom's terms; what the code means is in outcomes.ts. */
export const errorBody = (
  code: number,
  text: string,
  more: { readonly leader?: NodeId; readonly current?: Json } = {},
): ErrorBody => ({
  type: 'error',
  code,
  text,
  ...more,
});
