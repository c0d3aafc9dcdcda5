import { expect, test } from 'vitest';
import { nodeNames } from '../../core/ids.ts';
import type { Dialect, Machine } from '../../protocol/protocol.ts';
import type { ProtocolSystem } from '../../protocol/system.ts';
import { ledger } from '../../../tests/fixtures/ledger.ts';
import { seconds } from '../../core/time.ts';
import { simulation } from './simulation.ts';

/** Every message is answered with as many as `echoes`; the first comes from a timer. */
const echoing = (echoes: number): ProtocolSystem<Dialect> => ({
  ...ledger,
  protocol: {
    name: 'echoing',
    start: (_now, { self, nodes }, _records, effects): Machine<Dialect> => {
      effects.setTimer('first', seconds(0.1));
      const [other] = nodes.filter((node) => node !== self);
      return {
        step: (_at, input, out) => {
          if (other === undefined || input.kind === 'request') return;
          const count = input.kind === 'timer' ? 1 : echoes;
          for (let sent = 0; sent < count; sent++) out.send(other, { type: 'echo' });
        },
        inspect: () => ({ role: 'echo' }),
        peek: () => null,
      };
    },
  },
});

const run = async (echoes: number): Promise<{ readonly finished: boolean; readonly kinds: readonly string[] }> => {
  const nodes = nodeNames(2);
  const deployment = {
    system: echoing(echoes),
    options: { bug: null, values: {} },
    bug: null,
    nodes,
    seed: 1,
    directory: null,
  };
  const cluster = await simulation({ stormLimit: 20_000 }).deploy(deployment, new AbortController().signal);
  let finished = false;
  await cluster.run((finish) => {
    cluster.world.after(seconds(10), () => {
      finished = true;
      finish();
    });
  });
  return { finished, kinds: cluster.findings().map(({ kind }) => kind) };
};

test('a run whose nodes answer each message with two is ended, and the storm is a finding', async () => {
  expect(await run(2)).toEqual({ finished: false, kinds: ['storm'] });
});

test('a run whose nodes answer each message with one goes on to its end', async () => {
  expect(await run(1)).toEqual({ finished: true, kinds: [] });
});
