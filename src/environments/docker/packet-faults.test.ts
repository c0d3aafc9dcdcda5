import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../core/ids.ts';
import { nodeNames } from '../../core/ids.ts';
import { milliseconds } from '../../core/time.ts';
import type { Fault, Link, PacketWeather } from '../faults.ts';
import type { Pushed, ShapedWay } from './holder/requests.ts';
import { PacketFaults } from './packet-faults.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

interface World {
  /** What becomes of what is asked of a holder. */
  readonly mistake?: (ways: readonly ShapedWay[]) => readonly ShapedWay[] | null;
  readonly isCut?: (link: Link) => boolean;
  /** Bytes that the nodes themselves send before each volley. */
  readonly own?: number;
  /** Milliseconds that a volley waits for its connection, in which nodes send as much as they can. */
  readonly connecting?: number;
}

/** Holders of links that take as long as they should for what was asked of them, but for a mistake. */
function packets(world: World = {}): PacketFaults {
  const { mistake = (ways) => ways, isCut = () => false, own = 0, connecting = 0 } = world;
  const holder = (address: string) => {
    let shaped: readonly ShapedWay[] = [];
    return {
      address,
      shape: async (ways: readonly ShapedWay[]): Promise<void> => void (shaped = mistake(ways) ?? shaped),
      push: async (host: string, _port: number, bytes: number, within: number): Promise<Pushed> => {
        await sleep(1);
        const way = shaped.find((each) => each.host === host);
        const rate = way?.rate ?? Infinity;
        const took = 2 + ((own + bytes) / rate) * 1000 + (way?.delay?.mean ?? 0);
        const [answered, whole] = took > within ? [null, within] : [took, took + connecting];
        const carried = Math.min(own + bytes + (connecting * rate) / 1000, (whole * rate) / 1000);
        return { took: answered, carried: way === undefined ? null : { bytes: carried, within: whole } };
      },
    };
  };
  const names = [n1, n2, n3];
  return new PacketFaults({
    holders: new Map(names.map((name) => [name, holder(`of ${name}`)])),
    nodes: new Map(names.map((name) => [name, { well: true }])),
    isCut,
    port: 7000,
    patience: 400,
  });
}

const links: readonly Link[] = [
  [n1, n2],
  [n1, n3],
  [n2, n3],
];
const fault = (weather: PacketWeather): Fault => ({ kind: 'packets', links, weather });
const narrow = fault({ type: 'rate', bytesPerSecond: 20_000 });
const slow = fault({ type: 'delay', delay: milliseconds(20), jitter: milliseconds(10) });
const both = [
  ['narrow', narrow],
  ['slow', slow],
] as const;

describe('with holders that do as they are told', () => {
  test('every link is proved, and proved to be well again', async () => {
    const faults = packets();
    expect(await faults.begin(1, narrow)).toEqual({
      ok: true,
      value: ['n1>n2', 'n1>n3', 'n2>n3']
        .map((link) => `a volley of 8000 bytes over ${link} took 402 ms, while the link carried 8000 bytes in 402 ms`)
        .join('; '),
    });
    expect(await faults.lasted(1, narrow)).toMatchObject({ ok: true });
    expect(await faults.end(1, narrow)).toEqual({
      ok: true,
      value: ['n1>n2', 'n1>n3', 'n2>n3']
        .map((link) => `a volley of 8000 bytes over ${link} took 2 ms again`)
        .join('; '),
    });
  });

  test.each([
    ['late', 30_000, 0, 'took 1902 ms, while the link carried 38000 bytes in 1902 ms'],
    ['late to connect, too', 22_000, 2_000, 'took 1502 ms, while the link carried 70000 bytes in 3502 ms'],
    ['not answered', 60_000, 0, 'was not answered within 3000 ms, while the link carried 60000 bytes in 3000 ms'],
  ])('a busy link is proved by what it carries: a volley is %s', async (_, own, connecting, words) => {
    const faults = packets({ own, connecting });
    const answer = { ok: true, value: expect.stringContaining(`a volley of 8000 bytes over n1>n2 ${words}`) };
    expect(await faults.begin(1, narrow)).toEqual(answer);
    expect(await faults.end(1, narrow)).toMatchObject({ ok: true });
  });

  test('a delay of a few milliseconds is proved as well', async () => {
    const faults = packets();
    expect(await faults.begin(1, slow)).toMatchObject({ ok: true });
    expect(await faults.end(1, slow)).toMatchObject({ ok: true });
  });

  test('a link that another fault cuts is not waited for, unless there is no other', async () => {
    const cut = packets({ isCut: ([, to]) => to === n3 });
    expect(await cut.begin(1, narrow)).toEqual({
      ok: true,
      value: 'a volley of 8000 bytes over n1>n2 took 402 ms, while the link carried 8000 bytes in 402 ms',
    });
    expect(await packets({ isCut: () => true }).begin(1, narrow)).toMatchObject({ ok: false });
  });
});

describe('a holder that makes a mistake is found out', () => {
  test.each(both)('when it makes one link only %s', async (_, weather) => {
    const { ok, error } = { error: '', ...(await packets({ mistake: (ways) => ways.slice(0, 1) }).begin(1, weather)) };
    expect({ ok, names: error.includes('n1>n3') && !error.includes('n1>n2') }).toEqual({ ok: false, names: true });
  });

  test.each(both)('when links stay %s at the end', async (_, weather) => {
    const faults = packets({ mistake: (ways) => (ways.length === 0 ? null : ways) });
    expect(await faults.begin(1, weather)).toMatchObject({ ok: true });
    expect(await faults.end(1, weather)).toMatchObject({ ok: false });
  });

  test('when a link becomes much narrower than asked, or slower', async () => {
    const worse = (way: ShapedWay): ShapedWay => ({
      ...way,
      rate: way.rate === null ? null : way.rate / 5,
      delay: way.delay === null ? null : { ...way.delay, mean: way.delay.mean * 20 },
    });
    for (const [, weather] of both)
      expect(await packets({ mistake: (ways) => ways.map(worse) }).begin(1, weather)).toMatchObject({ ok: false });
  });

  test('when a busy link is wider than asked', async () => {
    const wider = (way: ShapedWay): ShapedWay => ({ ...way, rate: way.rate === null ? null : 5 * way.rate });
    const faults = packets({ mistake: (ways) => ways.map(wider), own: 150_000 });
    expect(await faults.begin(1, narrow)).toMatchObject({ ok: false });
  });

  test('when a link that is narrow and busy is not slow as well', async () => {
    const faults = packets({ mistake: (ways) => ways.map((way) => ({ ...way, delay: null })), own: 40_000 });
    expect(await faults.begin(1, narrow)).toMatchObject({ ok: true });
    expect(await faults.begin(2, slow)).toMatchObject({ ok: false });
  });

  test('when a link is well again before the end', async () => {
    let well = false;
    const faults = packets({ mistake: (ways) => (well ? [] : ways) });
    expect(await faults.begin(1, narrow)).toMatchObject({ ok: true });
    well = true;
    await faults.begin(2, fault({ type: 'rate', bytesPerSecond: 1_000_000 }));
    expect(await faults.lasted(1, narrow)).toMatchObject({ ok: false });
  });
});
