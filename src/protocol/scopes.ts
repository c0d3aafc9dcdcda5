/**
 * A machine may hold child machines (a configuration service inside a chain). Each scope has messages, timers,
 * requests and a log of its own inside the node's; this file is the naming that keeps them apart. Without a scope,
 * everything passes through as it is. All scopes are opened in `start`.
 */
import { invariant } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { DiskWrite } from './node-runtime.ts';
import type { Dialect, Input } from './protocol.ts';
import type { Body, RequestBody } from './wire.ts';

interface ScopedMessage extends Body {
  readonly type: 'harness/scoped';
  readonly scope: string;
  readonly message: Body;
}

interface ScopedRecord {
  readonly 'harness/scope': string;
  readonly record: object;
}

const scopedRecordStart = '{"harness/scope":';

export class Scopes {
  readonly #names = new Set<string>();
  /** The encoded log per scope ('' is the machine's own): kept only while scopes are open, for `compact`. */
  readonly #logs = new Map<string, string[]>();
  #writes: DiskWrite[] = [];
  #opening = true;

  constructor(records: readonly string[]) {
    for (const text of records) this.#logOf(scopeOfRecord(text)).push(text);
  }

  /** The records of the machine itself, decoded. */
  own<R>(): R[] {
    return this.#logOf('').map((text) => JSON.parse(text) as R);
  }

  /** The records of a scope, decoded. What they are only the dialect of its machine knows, hence `never`. */
  open(parent: string | null, name: string): never[] {
    invariant(parent === null, () => `scope ${name} was opened inside scope ${parent}`);
    invariant(this.#opening, () => `scope ${name} was opened after start`);
    invariant(!this.#names.has(name), () => `scope ${name} was opened twice`);
    this.#names.add(name);
    return this.#logOf(name).map((text) => (JSON.parse(text) as ScopedRecord).record as never);
  }

  /** Start is over. Without scopes there is nothing to keep. */
  close(): void {
    this.#opening = false;
    if (this.#names.size === 0) this.#logs.clear();
  }

  persist(scope: string | null, json: string): void {
    const text = encodeRecord(scope, json);
    this.#writes.push({ kind: 'append', records: [text] });
    if (this.#keeps()) this.#logOf(scope ?? '').push(text);
  }

  compact(scope: string | null, jsons: readonly string[]): void {
    const texts = jsons.map((json) => encodeRecord(scope, json));
    if (!this.#keeps()) {
      this.#writes.push({ kind: 'replace', records: texts });
      return;
    }
    this.#logs.set(scope ?? '', texts);
    this.#writes.push({ kind: 'replace', records: [...this.#logs.values()].flat() });
  }

  /** What the step has written, in order. */
  takeWrites(): readonly DiskWrite[] {
    const writes = this.#writes;
    if (writes.length > 0) this.#writes = [];
    return writes;
  }

  wrap(scope: string | null, message: Body): Body {
    if (scope === null) return message;
    const wrapped: ScopedMessage = { type: 'harness/scoped', scope, message };
    return wrapped;
  }

  message(from: NodeId, body: Body): Input<Dialect> {
    if (body.type !== 'harness/scoped') return { kind: 'message', from, message: body };
    const { scope, message } = body as ScopedMessage;
    return { kind: 'scoped', scope, input: { kind: 'message', from, message } };
  }

  request(input: Input<Dialect> & { readonly body: RequestBody }): Input<Dialect> {
    const scope = input.body['scope'];
    return typeof scope === 'string' && this.#names.has(scope) ? { kind: 'scoped', scope, input } : input;
  }

  timerName(scope: string | null, timer: string): string {
    return scope === null ? timer : `${scope}\u0000${timer}`;
  }

  timer(name: string): Input<Dialect> {
    const end = name.indexOf('\u0000');
    if (end < 0) return { kind: 'timer', timer: name };
    return { kind: 'scoped', scope: name.slice(0, end), input: { kind: 'timer', timer: name.slice(end + 1) } };
  }

  #keeps(): boolean {
    return this.#opening || this.#names.size > 0;
  }

  #logOf(scope: string): string[] {
    let log = this.#logs.get(scope);
    if (log === undefined) this.#logs.set(scope, (log = []));
    return log;
  }
}

const encodeRecord = (scope: string | null, json: string): string =>
  scope === null ? json : `${scopedRecordStart}${JSON.stringify(scope)},"record":${json}}`;

function scopeOfRecord(text: string): string {
  return text.startsWith(scopedRecordStart) ? (JSON.parse(text) as ScopedRecord)['harness/scope'] : '';
}
