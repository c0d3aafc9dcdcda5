import type { Json } from '../src/core/json.ts';
import type { ClientContext, ClientEffects, ClientInput, ClientMachine } from '../src/protocol/client.ts';
import type { AnyProtocolSystem } from '../src/protocol/system.ts';
import type { Now } from '../src/core/time.ts';

/** A client that sends the call as it is and takes the answer as it is. */
class DirectClient implements ClientMachine {
  readonly #context: ClientContext;
  #attempt = 0;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  step(_now: Now, input: ClientInput, effects: ClientEffects): void {
    if (input.kind === 'invoke') {
      const { f, key, value } = input.call;
      effects.setTimer('operation', this.#context.operationTimeout);
      effects.request(++this.#attempt, this.#context.home, { type: f, key, value });
    } else if (input.kind === 'reply') {
      effects.clearTimer('operation');
      effects.complete({ type: 'ok', value: input.body['value'] as Json }, this.#context.home);
    }
  }
}

/** Never deployed: the instant cluster stands for its nodes. */
export const instantSystem: AnyProtocolSystem = {
  kind: 'protocol',
  name: 'instant',
  summary: 'Answers at once.',
  protocol: {
    name: 'instant',
    start: () => {
      throw new Error('The instant system is not deployed.');
    },
  },
  client: (context) => new DirectClient(context),
  claims: () => [],
  options: [],
  bugs: [],
  operations: ['read', 'write', 'cas'],
};
