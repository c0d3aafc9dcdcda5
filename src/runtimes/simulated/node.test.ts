import { expect, test } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import { milliseconds } from '../../core/time.ts';
import type { Dialect, Protocol } from '../../protocol/protocol.ts';
import { SimulatedNode } from './node.ts';
import { Timeline } from './timeline.ts';

const self = nodeId('n1');

/** Counts what reaches it, and ticks every 10 ms; each life says its number in front. */
function ticking(): { readonly node: SimulatedNode; readonly timeline: Timeline; readonly seen: string[] } {
  const seen: string[] = [];
  const protocol: Protocol<Dialect> = {
    name: 'ticking',
    start(_now, { life }, _records, effects) {
      effects.setTimer('tick', milliseconds(10));
      return {
        step(_at, input, later) {
          seen.push(`${life} ${input.kind}`);
          if (input.kind === 'timer') later.setTimer('tick', milliseconds(10));
        },
        inspect: () => ({ role: 'ticking' }),
        peek: () => null,
      };
    },
  };
  const timeline = new Timeline();
  const node = new SimulatedNode({
    self,
    nodes: [self],
    protocol,
    options: { bug: null, values: {} },
    sync: 'always',
    timeline,
    random: seeded(1),
    network: { send: () => {}, answer: () => {} },
    onCrash: () => expect.unreachable(),
  });
  return { node, timeline, seen };
}

function pass(timeline: Timeline, ms: number): void {
  const end = timeline.now() + milliseconds(ms);
  timeline.after(milliseconds(ms), () => {});
  while (timeline.now() < end) timeline.advance();
}

const frame = '{"src":"n2","dest":"n1","body":{"type":"note"}}';

test('a paused node keeps its timers, however many frames wait for it, and loses frames beyond a bound', () => {
  const { node, timeline, seen } = ticking();
  node.start();
  node.pause();
  for (let count = 0; count < 3000; count++) node.receivePeer(frame);
  pass(timeline, 25);
  expect(seen).toEqual([]);
  node.resume();
  pass(timeline, 25);
  expect(seen.filter((kind) => kind === '1 message')).toHaveLength(1000);
  expect(seen.filter((kind) => kind === '1 timer')).toHaveLength(3);
});

test('nothing of an earlier life reaches a later one', () => {
  const { node, timeline, seen } = ticking();
  node.start();
  pass(timeline, 5);
  node.kill();
  node.start();
  pass(timeline, 12);
  expect(seen).toEqual(['2 timer']);
});
