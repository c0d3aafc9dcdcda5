/**
 * Takes a node out of the system's configuration and in again, or lets it take the leadership over, by asking the
 * system itself, as an operator would: any node takes the request, and says whom to ask instead. Asked again until some
 * node says that it is done; proved by what the leader then shows (membership-wish.ts).
 */
import type { NodeId } from '../core/ids.ts';
import { isLeading } from '../core/inspection.ts';
import type { Cancel, Instant } from '../core/time.ts';
import { milliseconds, plus, seconds } from '../core/time.ts';
import type { System } from '../protocol/system.ts';
import { classOf, codes } from '../protocol/outcomes.ts';
import type { ClientId, ErrorBody, ResponseBody } from '../protocol/wire.ts';
import type { ClientConnection, World } from './environment.ts';
import type { Answer, Done, Fault, Faults } from './faults.ts';
import { type Leader, type Wish, wishFor, wishToLead } from './membership-wish.ts';

export interface MembershipParts {
  readonly system: System;
  readonly nodes: readonly NodeId[];
  readonly world: World;
  readonly faults: Pick<Faults, 'inspect'>;
}

type MembershipFault = Extract<Fault, { kind: 'membership' }>;

type Able = NonNullable<System['membership']>;

/** Other faults may leave no majority for a while; it comes back at the latest when all of them end. */
const patience = seconds(20);
const attemptTimeout = seconds(1);
const pause = milliseconds(100);
/** How long the leader may take to show what was said to be done, before it is asked again. */
const showTimeout = seconds(1);

export class Membership {
  readonly #parts: MembershipParts;
  #changes = 0;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  /** Answers within about twenty seconds. What holds already is no error, but for a node that leads already. */
  begin({ node, leads }: MembershipFault, done: Done<string>): void {
    this.#ask((able) => (leads === true ? wishToLead(able, node) : wishFor(able, 'remove', node)), done);
  }

  /** Answers within about twenty seconds. */
  end({ node, leads }: MembershipFault, done: Done<string>): void {
    if (leads === true) done({ ok: true, value: 'nothing to undo: who leads from now on is up to the system' });
    else this.#ask((able) => wishFor(able, 'add', node), done);
  }

  #ask(wish: (able: Able) => Wish, done: Done<string>): void {
    const { system } = this.#parts;
    const able = system.membership;
    if (able === undefined) return done({ ok: false, error: `${system.name} cannot change its membership` });
    new Operator(this.#parts, able, wish(able), `members-${++this.#changes}` as ClientId, done).begin();
  }
}

/** Asks for one thing until it is done. */
class Operator {
  readonly #parts: MembershipParts;
  readonly #able: Able;
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
  /** Whether some node may have begun with it. */
  #mayBeUnderWay = false;
  #cancel: Cancel = () => {};

  constructor(parts: MembershipParts, able: Able, wish: Wish, client: ClientId, done: Done<string>) {
    this.#parts = parts;
    this.#able = able;
    this.#wish = wish;
    this.#done = done;
    this.#deadline = plus(parts.world.now(), patience);
    this.#connection = parts.world.connect(client, {
      reply: (attempt, body) => {
        if (attempt === this.#attempt) this.#answered(body);
      },
      undeliverable: (attempt, when, why) => {
        if (attempt === this.#attempt) this.#rest(why, when === 'before');
      },
    });
  }

  /** The leader is asked first; nobody else can do it. */
  begin(): void {
    this.#look((leader) => {
      const hopeless = this.#wish.begin(leader);
      if (hopeless !== null) return this.#end({ ok: false, error: hopeless });
      this.#target = leader?.node ?? this.#parts.nodes[0];
      this.#ask();
    });
  }

  #ask(): void {
    const { nodes, world } = this.#parts;
    const target = this.#target ?? nodes[0];
    if (world.now() >= this.#deadline || target === undefined) return this.#verify(world.now());
    this.#attempt++;
    this.#cancel = world.after(attemptTimeout, () => this.#rest(`${target} did not answer`, false));
    this.#connection.request(this.#attempt, target, this.#wish.request);
  }

  #answered(body: ResponseBody): void {
    if (body.type !== 'error') {
      this.#mayBeUnderWay = true;
      return this.#verify(plus(this.#parts.world.now(), showTimeout));
    }
    const { code, text, leader } = body as ErrorBody & { readonly leader?: unknown };
    const hint = this.#parts.nodes.find((node) => node === leader && node !== this.#target);
    if (code !== codes.temporarilyUnavailable || hint === undefined || this.#hints >= this.#parts.nodes.length)
      return this.#rest(`${this.#target}: ${text}`, classOf(code) !== 'indefinite');
    this.#hints++;
    this.#target = hint;
    this.#cancel();
    this.#ask();
  }

  /** What this attempt comes to is of no interest any more. The next node is asked after a pause. */
  #rest(error: string, isDefinitelyNot: boolean): void {
    const { nodes, world } = this.#parts;
    if (!isDefinitelyNot) this.#mayBeUnderWay = true;
    this.#attempt++;
    this.#lastError = error;
    this.#hints = 0;
    this.#cancel();
    this.#target = nodes[++this.#turn % nodes.length];
    this.#cancel = world.after(pause, () => this.#askUnlessDone());
  }

  /** Who cannot be asked twice, as an heir that leads already, is looked at first. */
  #askUnlessDone(): void {
    if (!this.#wish.isOnce) return this.#ask();
    this.#look((leader) => {
      const answer = this.#wish.judge(leader, this.#mayBeUnderWay);
      if (answer !== null) this.#end(answer);
      else this.#ask();
    });
  }

  /** A node has said that it is done, or the time is over. There may be no leader to show it for a moment. */
  #verify(until: Instant): void {
    this.#attempt++;
    this.#cancel();
    this.#look((leader) => {
      const { world } = this.#parts;
      const answer = this.#wish.judge(leader, this.#mayBeUnderWay);
      if (answer !== null) return this.#end(answer);
      if (world.now() >= this.#deadline)
        return this.#end({ ok: false, error: `${this.#wish.failure} within ${patience / 1e9} s: ${this.#lastError}` });
      if (world.now() >= until) this.#rest('It was said to be done, and no leader shows it', false);
      else this.#cancel = world.after(pause, () => this.#verify(until));
    });
  }

  #end(answer: Answer<string>): void {
    this.#connection.close();
    this.#done(answer);
  }

  /** The node of the highest term that says it leads, and the members that it shows. */
  #look(done: (leader: Leader | null) => void): void {
    const seen: Leader[] = [];
    let open = this.#parts.nodes.length;
    for (const node of this.#parts.nodes)
      this.#parts.faults.inspect(node, (answer) => {
        if (answer.ok && isLeading(answer.value))
          seen.push({ node, term: answer.value.term ?? 0, members: this.#able.members(answer.value) });
        if (--open > 0) return;
        done(seen.toSorted((one, other) => other.term - one.term)[0] ?? null);
      });
  }
}
