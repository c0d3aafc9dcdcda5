/**
 * Takes a node out of the system's configuration and in again, by asking the system itself, as an operator would: any
 * node takes the request, and says whom to ask instead. Asked again until some node says that it is done; proved by the
 * members that the leader then shows.
 */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Cancel, Instant } from '../core/time.ts';
import { milliseconds, plus, seconds } from '../core/time.ts';
import type { System } from '../protocol/system.ts';
import { codes } from '../protocol/outcomes.ts';
import type { ClientId, ErrorBody, ResponseBody } from '../protocol/wire.ts';
import type { ClientConnection, World } from './environment.ts';
import type { Done, Faults } from './faults.ts';

export interface MembershipParts {
  readonly system: System;
  readonly nodes: readonly NodeId[];
  readonly world: World;
  readonly faults: Pick<Faults, 'inspect'>;
}

interface Wish {
  readonly type: 'add' | 'remove';
  readonly node: NodeId;
}

/** Other faults may leave no majority for a while; it comes back at the latest when all of them end. */
const patience = seconds(20);
const attemptTimeout = seconds(1);
const pause = milliseconds(100);

export class Membership {
  readonly #parts: MembershipParts;
  #changes = 0;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  /** Answers within about twenty seconds. What holds already is answered as done: the system is asked all the same. */
  change(wish: Wish, done: Done<string>): void {
    const { system } = this.#parts;
    const able = system.membership;
    if (able === undefined) return done({ ok: false, error: `${system.name} cannot change its membership` });
    new Change(this.#parts, able, wish, `members-${++this.#changes}` as ClientId, done).begin();
  }
}

class Change {
  readonly #parts: MembershipParts;
  readonly #able: NonNullable<System['membership']>;
  readonly #wish: Wish;
  readonly #done: Done<string>;
  readonly #deadline: Instant;
  readonly #connection: ClientConnection;
  #attempt = 0;
  #target: NodeId | undefined;
  /** Whose turn it is when nobody knows better; hints that lead in a circle leave it as it is. */
  #turn = 0;
  /** How many hints were followed without a pause: nodes that point at each other must not keep it running. */
  #hints = 0;
  #lastError = 'nobody answered';
  #cancel: Cancel = () => {};

  constructor(
    parts: MembershipParts,
    able: NonNullable<System['membership']>,
    wish: Wish,
    client: ClientId,
    done: Done<string>,
  ) {
    this.#parts = parts;
    this.#able = able;
    this.#wish = wish;
    this.#done = done;
    this.#deadline = plus(parts.world.now(), patience);
    this.#connection = parts.world.connect(client, {
      reply: (attempt, body) => {
        if (attempt === this.#attempt) this.#answered(body);
      },
      undeliverable: (attempt, _when, why) => {
        if (attempt === this.#attempt) this.#rest(why);
      },
    });
  }

  /** The leader is asked first; nobody else can do it. */
  begin(): void {
    this.#look((leader) => {
      this.#target = leader?.node ?? this.#parts.nodes[0];
      this.#ask();
    });
  }

  #ask(): void {
    const { nodes, world } = this.#parts;
    if (world.now() >= this.#deadline) return this.#verify();
    const target = this.#target ?? nodes[0];
    if (target === undefined) return this.#verify();
    this.#attempt++;
    this.#cancel = world.after(attemptTimeout, () => this.#rest(`${target} did not answer`));
    this.#connection.request(this.#attempt, target, this.#able.change(this.#wish));
  }

  #answered(body: ResponseBody): void {
    if (body.type !== 'error') return this.#verify();
    const { code, text, leader } = body as ErrorBody & { readonly leader?: unknown };
    const hint = this.#parts.nodes.find((node) => node === leader && node !== this.#target);
    if (code !== codes.temporarilyUnavailable || hint === undefined || this.#hints >= this.#parts.nodes.length)
      return this.#rest(`${this.#target}: ${text}`);
    this.#hints++;
    this.#target = hint;
    this.#cancel();
    this.#ask();
  }

  /** What this attempt comes to is of no interest any more. The next node is asked after a pause. */
  #rest(error: string): void {
    const { nodes, world } = this.#parts;
    this.#attempt++;
    this.#lastError = error;
    this.#hints = 0;
    this.#cancel();
    this.#target = nodes[++this.#turn % nodes.length];
    this.#cancel = world.after(pause, () => this.#ask());
  }

  /** A node has said that it is done, or the time is over. There may be no leader to show it for a moment. */
  #verify(): void {
    this.#attempt++;
    this.#cancel();
    this.#look((leader) => {
      const { type, node } = this.#wish;
      const isShown = leader !== null && leader.members.includes(node) === (type === 'add');
      const isLate = this.#parts.world.now() >= this.#deadline;
      if (!isShown && !isLate) return void this.#parts.world.after(pause, () => this.#verify());
      this.#connection.close();
      if (isShown) return this.#done({ ok: true, value: this.#words(leader) });
      const wanted = type === 'add' ? 'in again' : 'out';
      this.#done({
        ok: false,
        error: `${node} was not taken ${wanted} within ${patience / 1e9} s: ${this.#lastError}`,
      });
    });
  }

  #words({ node, members }: Leader): string {
    const where = this.#wish.type === 'add' ? 'is a member again' : 'is no member any more';
    return `${this.#wish.node} ${where}: the leader ${node} shows ${members.join(' ')}`;
  }

  /** The node of the highest term that says it leads, and the members that it shows. */
  #look(done: (leader: Leader | null) => void): void {
    const seen: Leader[] = [];
    let open = this.#parts.nodes.length;
    for (const node of this.#parts.nodes)
      this.#parts.faults.inspect(node, (answer) => {
        if (answer.ok && answer.value.role === 'leader')
          seen.push({ node, term: answer.value.term ?? 0, members: this.#membersOf(answer.value) });
        if (--open > 0) return;
        done(seen.toSorted((one, other) => other.term - one.term)[0] ?? null);
      });
  }

  #membersOf(inspection: Inspection): readonly NodeId[] {
    return this.#able.members(inspection);
  }
}

interface Leader {
  readonly node: NodeId;
  readonly term: number;
  readonly members: readonly NodeId[];
}
