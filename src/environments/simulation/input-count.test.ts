import { describe, expect, it } from 'vitest';
import { instant } from '../../core/time.ts';
import type { Dialect, Effects, Machine, NodeContext, Protocol } from '../../protocol/protocol.ts';
import { InputCount } from './input-count.ts';

const now = { wall: instant(0), monotonic: instant(0) };
const effects = {} as Effects<Dialect>;

/** Becomes a leader by its first timer. */
const climbing = (taken: string[]): Protocol<Dialect> => ({
  name: 'climbing',
  start: () => {
    const state = { role: 'follower' };
    return {
      step: (_now, input) => {
        taken.push(input.kind);
        if (input.kind === 'timer') state.role = 'leader';
      },
      inspect: () => state,
      peek: (key) => `value of ${key}`,
    };
  },
});

describe('the count of inputs', () => {
  it('has each kind of input with the role that the node had when it came', () => {
    const taken: string[] = [];
    const counter = new InputCount();
    const protocol = counter.counting(climbing(taken));
    const machine: Machine<Dialect> = protocol.start(now, {} as NodeContext, [], effects);
    const from = 'n2' as never;
    machine.step(now, { kind: 'message', from, message: { type: 'append' } }, effects);
    machine.step(now, { kind: 'timer', timer: 'election' }, effects);
    machine.step(now, { kind: 'message', from, message: { type: 'append' } }, effects);
    machine.step(now, { kind: 'message', from, message: { type: 'append' } }, effects);
    machine.step(now, { kind: 'request', id: 1, client: 'c1' as never, body: { type: 'read' } }, effects);
    machine.step(now, { kind: 'scoped', scope: 'members', input: { kind: 'timer', timer: 'beat' } }, effects);
    expect(counter.counts()).toEqual({
      'append > follower': 1,
      'timer election > follower': 1,
      'append > leader': 2,
      'request read > leader': 1,
      'members timer beat > leader': 1,
    });
    expect(taken).toEqual(['message', 'timer', 'message', 'message', 'request', 'scoped']);
    expect(machine.peek('k')).toBe('value of k');
    expect(machine.inspect()).toEqual({ role: 'leader' });
  });
});
