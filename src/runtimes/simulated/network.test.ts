import { expect, test } from 'vitest';
import type { NodeId } from '../../core/ids.ts';
import { nodeId } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import { milliseconds } from '../../core/time.ts';
import type { NetworkWeather } from './network.ts';
import { SimulatedNetwork } from './network.ts';
import { Timeline } from './timeline.ts';

const a = nodeId('a');
const b = nodeId('b');
const calm: NetworkWeather = {
  delay: [milliseconds(1), milliseconds(5)],
  slowShare: 0,
  slowest: milliseconds(20),
  loss: 0,
  duplication: 0,
};

/** Sends `count` frames at once and says what arrived, in order, and when the last one did. */
function send(weather: Partial<NetworkWeather>, count: number, before?: (network: SimulatedNetwork) => void) {
  const timeline = new Timeline();
  const arrived: string[] = [];
  const deliver = (_to: NodeId, frame: string): void => void arrived.push(frame);
  const network = new SimulatedNetwork(timeline, seeded(1), { ...calm, ...weather }, deliver);
  before?.(network);
  for (let index = 0; index < count; index++) network.send(a, b, `${index}`);
  while (timeline.advance());
  return { arrived, last: timeline.now(), network };
}

test('in calm weather every frame arrives once, within the delay, and some overtake others', () => {
  const { arrived, last } = send({}, 200);
  const sent = Array.from({ length: 200 }, (_, index) => `${index}`);
  expect(arrived.toSorted()).toEqual(sent.toSorted());
  expect(arrived).not.toEqual(sent);
  expect(last).toBeLessThanOrEqual(milliseconds(5));
});

test('loss, duplication and slowness come at about their rates', () => {
  expect(send({ loss: 0.1 }, 2000).arrived.length).toBeGreaterThan(1700);
  expect(send({ loss: 0.1 }, 2000).arrived.length).toBeLessThan(1900);
  expect(send({ duplication: 0.1 }, 2000).arrived.length).toBeGreaterThan(2100);
  expect(send({ slowShare: 0.1 }, 200).last).toBeGreaterThan(milliseconds(6));
});

test('a cut drops one direction, counts what it dropped, and holds until it is restored as often as it was made', () => {
  const cutTwice = (network: SimulatedNetwork): void => {
    network.cut(a, b);
    network.cut(a, b);
    network.cut(b, a);
    network.restore(b, a);
  };
  const { arrived, network } = send({}, 10, cutTwice);
  expect(arrived).toEqual([]);
  expect(network.dropped(a, b)).toBe(10);
  expect(network.isCut(b, a)).toBe(false);
  network.restore(a, b);
  expect(network.isCut(a, b)).toBe(true);
  network.restore(a, b);
  expect(network.isCut(a, b)).toBe(false);
});
