import { expect, test } from 'vitest';
import type { NodeId } from '../../core/ids.ts';
import { nodeId } from '../../core/ids.ts';
import { seeded } from '../../core/random.ts';
import { milliseconds } from '../../core/time.ts';
import { type LinkTrouble, noTrouble } from './link-trouble.ts';
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

/** Sends 400 frames at once over a link in trouble, and says when each copy came, in milliseconds. */
function troubled(...troubles: readonly Partial<LinkTrouble>[]) {
  const timeline = new Timeline();
  const arrivals: { readonly frame: string; readonly at: number }[] = [];
  const deliver = (_to: NodeId, frame: string): void => void arrivals.push({ frame, at: timeline.now() / 1e6 });
  const network = new SimulatedNetwork(timeline, seeded(1), calm, deliver);
  const cancels = troubles.map((trouble) => network.trouble(a, b, { ...noTrouble, ...trouble }));
  const sendAll = (): void => {
    for (let index = 0; index < 400; index++) network.send(a, b, `${index}`);
  };
  const finish = (): void => {
    while (timeline.advance());
  };
  sendAll();
  finish();
  return { network, timeline, arrivals, cancels, sendAll, finish };
}

test('a delay comes on top of the ordinary one, and its jitter on top of that', () => {
  const { arrivals } = troubled({ delay: milliseconds(100), jitter: milliseconds(50) });
  const times = arrivals.map(({ at }) => at);
  expect(arrivals).toHaveLength(400);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(101);
  expect(Math.max(...times)).toBeLessThanOrEqual(155);
  expect(Math.max(...times)).toBeGreaterThan(145);
});

test('loss, duplicates and reordering come at about their shares', () => {
  expect(troubled({ loss: 0.3 }).arrivals.length / 400).toBeCloseTo(0.7, 1);
  expect(troubled({ duplication: 0.3 }).arrivals.length / 400).toBeCloseTo(1.3, 1);
  const { arrivals } = troubled({ reordering: 0.5, within: milliseconds(1000) });
  expect(arrivals.filter(({ at }) => at > 5).length / 400).toBeCloseTo(0.5, 1);
  expect(Math.max(...arrivals.map(({ at }) => at))).toBeGreaterThan(900);
});

test('troubles of one link add up, and each ends by itself', () => {
  const { arrivals, cancels, sendAll, finish } = troubled({ delay: milliseconds(100) }, { delay: milliseconds(200) });
  expect(Math.min(...arrivals.map(({ at }) => at))).toBeGreaterThanOrEqual(301);
  cancels[0]?.();
  cancels[0]?.();
  arrivals.length = 0;
  sendAll();
  finish();
  expect(Math.max(...arrivals.map(({ at }) => at))).toBeLessThan(620);
  expect(arrivals).toHaveLength(400);
});

test('held frames are let go all at once, when the last fault that holds them ends', () => {
  const { arrivals, cancels, network, finish } = troubled({ hold: true }, { hold: true });
  cancels[0]?.();
  finish();
  expect(arrivals).toEqual([]);
  expect(network.isTroubled(a, b)).toBe(true);
  cancels[1]?.();
  finish();
  expect(arrivals).toHaveLength(400);
  expect(network.isTroubled(a, b)).toBe(false);
});

test('a link in trouble that is cut is cut, also for what it held', () => {
  const { arrivals, cancels, network, sendAll, finish } = troubled({ hold: true });
  network.cut(a, b);
  sendAll();
  cancels[0]?.();
  finish();
  expect(arrivals).toEqual([]);
  expect(network.dropped(a, b)).toBe(800);
});

test('trouble on one direction leaves the other, and the draws of the ordinary weather, as they were', () => {
  const arrivals = (trouble: Partial<LinkTrouble> | null): string[] => {
    const timeline = new Timeline();
    const seen: string[] = [];
    const network = new SimulatedNetwork(timeline, seeded(4), calm, (_to, frame) =>
      seen.push(`${frame} ${timeline.now()}`),
    );
    if (trouble !== null) network.trouble(a, b, { ...noTrouble, ...trouble });
    for (let index = 0; index < 50; index++) network.send(b, a, `${index}`);
    while (timeline.advance());
    return seen;
  };
  expect(arrivals({ loss: 1 })).toEqual(arrivals(null));
});

test('a probe goes the way of the frames and tells of each copy that comes out', () => {
  const timeline = new Timeline();
  const network = new SimulatedNetwork(timeline, seeded(1), calm, () => expect.unreachable());
  let arrived = 0;
  network.trouble(a, b, { ...noTrouble, duplication: 1 });
  network.probe(a, b, () => arrived++);
  network.cut(b, a);
  network.probe(b, a, () => expect.unreachable());
  while (timeline.advance());
  expect(arrived).toBe(2);
});
