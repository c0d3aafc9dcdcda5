import { describe, expect, it } from 'vitest';
import { nodeId, processId } from '../core/ids.ts';
import { milliseconds } from '../core/time.ts';
import type { ClientMachine } from '../protocol/client.ts';
import { ClientProcess } from './client-process.ts';
import { guard } from './guarded.ts';
import { FakeCluster } from './testing/fake-cluster.ts';

const call = { f: 'read', key: 'k', value: null };
const ok = { type: 'ok', value: 1 } as const;

/** A process whose machine is this step, and what is heard of it while the cluster runs. */
async function heardOf(
  step: ClientMachine['step'],
  act: (process: ClientProcess) => void = () => {},
): Promise<readonly string[]> {
  const cluster = new FakeCluster();
  const heard: string[] = [];
  await cluster.run((finish) => {
    const process = new ClientProcess(processId(3), { step }, cluster.world, {
      completed: (outcome) => void heard.push(outcome.type),
      misbehaved: (text) => void heard.push(text),
    });
    process.invoke(call);
    act(process);
    cluster.world.after(milliseconds(100), finish);
  });
  return heard;
}

describe('a process', () => {
  it('ends as info when its machine throws, and says so', async () => {
    const heard = await heardOf(() => {
      throw new Error('oops');
    });
    expect(heard).toEqual(['The client threw on invoke: oops', 'info']);
  });

  it('may complete once for each invoke; more is a finding', async () => {
    const heard = await heardOf((_now, _input, effects) => {
      effects.complete(ok);
      effects.complete(ok);
    });
    expect(heard).toEqual(['ok', 'The client completed an operation that was not in progress.']);
  });

  it('has named timers, which can be set again and cleared', async () => {
    const heard = await heardOf((_now, input, effects) => {
      if (input.kind === 'timer') return effects.complete({ ...ok, value: input.timer });
      effects.setTimer('a', milliseconds(5));
      effects.setTimer('a', milliseconds(20));
      effects.setTimer('b', milliseconds(10));
      effects.clearTimer('b');
    });
    expect(heard).toEqual(['ok']);
  });

  it('hears nothing once it was closed, neither replies nor timers', async () => {
    const inputs: string[] = [];
    const heard = await heardOf(
      (_now, input, effects) => {
        inputs.push(input.kind);
        effects.request(1, nodeId('n1'), { type: 'read', key: 'k', value: null });
        effects.setTimer('a', milliseconds(5));
      },
      (process) => process.close(),
    );
    expect({ inputs, heard }).toEqual({ inputs: ['invoke'], heard: [] });
  });
});

describe('an input that waits for the end of a step', () => {
  it('is not taken when the process was closed in that step', () => {
    const inputs: string[] = [];
    const step: ClientMachine['step'] = (_now, input, effects) => {
      inputs.push(input.kind);
      effects.complete(ok);
    };
    const process: ClientProcess = new ClientProcess(processId(3), { step }, new FakeCluster().world, {
      completed: () => {
        process.invoke(call);
        process.close();
      },
      misbehaved: () => {},
    });
    process.invoke(call);
    expect(inputs).toEqual(['invoke']);
  });
});

describe('the guard', () => {
  it('keeps a throw from the caller, tells it once, and lets nothing through afterwards', () => {
    const told: unknown[] = [];
    const calls: number[] = [];
    const safe = guard((error) => void told.push(error));
    const callback = safe((number: number) => {
      calls.push(number);
      if (number === 2) throw new Error('two');
    });
    for (const number of [1, 2, 3]) callback(number);
    expect(calls).toEqual([1, 2]);
    expect(told).toEqual([new Error('two')]);
  });
});
