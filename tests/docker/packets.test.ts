/** What the kernel under the engine can do to packets is proved; what it cannot do is refused before anything starts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import { milliseconds } from '../../src/core/time.ts';
import { openDocker } from '../../src/environments/docker/docker.ts';
import type { Environment } from '../../src/environments/environment.ts';
import type { Fault, PacketWeather } from '../../src/environments/faults.ts';
import { failed, ok, type Stage, theatre } from '../contract/stage.ts';
import { Workplace } from '../integration/harness-program.ts';
import { ledgerNode } from '../local/programs.ts';
import { engine } from './engine.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

const environment = (
  engine === null ? null : await openDocker(engine, ledgerNode, { tryPackets: true })
) as Environment;
let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place[Symbol.dispose]());

const { deploy, play } = theatre(() => environment);

/** From n1 to n2 only. */
const weather = (how: PacketWeather): Fault => ({ kind: 'packets', links: [[n1, n2]], weather: how });

/** Tells n1 to send a note of so many characters to all, and who has it after a while. */
async function reached(stage: Stage, length: number, within: number): Promise<readonly NodeId[]> {
  const text = `${length} ${'x'.repeat(length)}`;
  await stage.ask(n1, { type: 'note', text });
  await stage.sleep(within);
  const has = async (node: NodeId): Promise<boolean> => {
    const { notes } = (await stage.ask(node, { type: 'notes' })) as { notes: readonly string[] };
    return notes.includes(`${n1} ${text}`);
  };
  return [...((await has(n2)) ? [n2] : []), ...((await has(n3)) ? [n3] : [])];
}

describe.skipIf(engine === null)('packets between containers', () => {
  test('a narrow link is proved, carries what it can, and is wide again at the end; other links are not touched', async () => {
    expect(environment.faults.has('packets')).toBe(true);
    await play(await deploy(), async (stage) => {
      await stage.connected();
      expect(await reached(stage, 40_000, 200)).toEqual([n2, n3]);
      const { id, answer } = await stage.begin(weather({ type: 'rate', bytesPerSecond: 20_000 }));
      expect(answer).toEqual(
        ok(/^a volley of 8000 bytes over n1>n2 took \d{3,4} ms, while the link carried \d{4,5} bytes in \d{3,4} ms$/),
      );
      expect(await reached(stage, 40_001, 200)).toEqual([n3]);
      expect(await stage.reachedFrom(n2)).toEqual([n1, n3]);
      expect(await stage.end(id)).toEqual(ok(/^a volley of 8000 bytes over n1>n2 took \d{1,3} ms again$/));
      await stage.connected();
      expect(await reached(stage, 40_002, 200)).toEqual([n2, n3]);
    });
  });

  test('a narrow link that its nodes keep busy is proved by what it carries', async () => {
    await play(await deploy(), async (stage) => {
      await stage.connected();
      const begun = stage.begin(weather({ type: 'rate', bytesPerSecond: 20_000 }));
      for (let length = 40_003; length < 40_015; length++) await reached(stage, length, 50);
      const { id, answer } = await begun;
      expect(answer).toMatchObject({ ok: true });
      expect(await stage.end(id)).toMatchObject({ ok: true });
    });
  });

  test('a link that is cut as well is narrow again when the cut ends', async () => {
    await play(await deploy(), async (stage) => {
      await stage.connected();
      const cut = await stage.begin({ kind: 'partition', cut: [[n1, n2]] });
      const begun = stage.begin(weather({ type: 'rate', bytesPerSecond: 20_000 }));
      await stage.sleep(1_000);
      expect(await stage.end(cut.id)).toMatchObject({ ok: true });
      const { id, answer } = await begun;
      expect(answer).toEqual(ok(/over n1>n2 took/));
      expect(await stage.end(id)).toMatchObject({ ok: true });
    });
  });

  const why = engine === null ? undefined : environment.lacks?.get('packets:delay');
  if (why === undefined)
    test('a delay is proved, and its end as well', async () => {
      await play(await deploy(), async (stage) => {
        await stage.connected();
        const delay = { type: 'delay', delay: milliseconds(200), jitter: milliseconds(20) } as const;
        const { id, answer } = await stage.begin(weather(delay));
        expect(answer).toEqual(ok(/^a volley of 5 bytes over n1>n2 took [2-4]\d\d ms$/));
        expect(await stage.end(id)).toMatchObject({ ok: true });
      });
    });
  else
    test('a delay is refused by name where the kernel lacks the discipline', async () => {
      const { code, out, err } = await place.harness(
        ...'test --env docker --system raft --nemesis packets:delay --seed 1'.split(' '),
      );
      expect({ code, err }).toEqual({ code: 254, err: why });
      expect(out).toBe('Environment: docker, because --env docker was given. Seed: 1.');
    });

  test.each(['loss', 'duplicate', 'reorder', 'hold'])('packets:%s is refused with the reason', async (name) => {
    const { code, out, err } = await place.harness(
      ...`test --env docker --system raft --nemesis packets:${name}`.split(' '),
    );
    expect({ code, out }).toEqual({ code: 254, out: '' });
    expect(err).toContain(`packets:${name}`);
    expect(err).toContain('Use --env sim for it.');
  });

  test('what containers cannot show is no fault of theirs', async () => {
    await play(await deploy({ count: 2 }), async (stage) => {
      const { answer } = await stage.begin(weather({ type: 'loss', share: 0.5 }));
      expect(answer).toEqual(failed(/^containers know slow and narrow links only$/));
    });
  });
});
