/**
 * Counts which kinds of input reached nodes in which role: `append > follower`, `timer election > candidate`. A pair
 * that no seed has ever met is a part of the protocol that nothing has tested (Meng et al., "Greybox Fuzzing of
 * Distributed Systems", CCS 2023, take such pairs as their feedback). It looks on and changes nothing.
 */
import type { Dialect, Input, Machine, Protocol } from '../../protocol/protocol.ts';

export class InputCount {
  /** By input and then by role, so that counting builds no text. */
  readonly #counts = new Map<string, Map<string, number>>();

  /** The same protocol, counted. */
  counting<D extends Dialect>(protocol: Protocol<D>): Protocol<D> {
    return {
      name: protocol.name,
      start: (now, context, records, effects) => {
        const machine = protocol.start(now, context, records, effects);
        const counted: Machine<D> = {
          step: (at, input, given) => {
            this.#count(nameOf(input), machine.inspect().role);
            machine.step(at, input, given);
          },
          inspect: () => machine.inspect(),
          peek: (key) => machine.peek(key),
        };
        return counted;
      },
    };
  }

  /** By pair, in no particular order. */
  counts(): { readonly [pair: string]: number } {
    const pairs: Record<string, number> = {};
    for (const [input, roles] of this.#counts) for (const [role, count] of roles) pairs[`${input} > ${role}`] = count;
    return pairs;
  }

  #count(input: string, role: string): void {
    let roles = this.#counts.get(input);
    if (roles === undefined) this.#counts.set(input, (roles = new Map<string, number>()));
    roles.set(role, (roles.get(role) ?? 0) + 1);
  }
}

function nameOf(input: Input<Dialect>): string {
  if (input.kind === 'message') return input.message.type;
  if (input.kind === 'request') return `request ${input.body.type}`;
  return input.kind === 'timer' ? `timer ${input.timer}` : `${input.scope} ${nameOf(input.input)}`;
}
