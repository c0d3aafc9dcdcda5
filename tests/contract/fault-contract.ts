/** What the faults of packets, disks and membership must do, and those of clocks, in every environment that offers them. */
import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Environment } from '../../src/environments/environment.ts';
import type { DiskTrouble, Fault, FaultKind, PacketWeather } from '../../src/environments/faults.ts';
import { ledger } from '../fixtures/ledger.ts';
import { clockContract, type DriftOf } from './clock-contract.ts';
import { failed, ok, type Stage, theatre } from './stage.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

/** From n1 to n2 only. */
const weather = (how: PacketWeather): Fault => ({ kind: 'packets', links: [[n1, n2]], weather: how });

const trouble = (how: DiskTrouble): Fault => ({ kind: 'disk', nodes: [n2], trouble: how });

/** n1 sends numbered notes to all, so many milliseconds apart. */
async function send(stage: Stage, count: number, apart: number, word: string): Promise<void> {
  for (let index = 0; index < count; index++) {
    void stage.ask(n1, { type: 'note', text: `${word} ${index}` });
    await stage.sleep(apart);
  }
  await stage.sleep(100);
}

/** The numbers of those notes that a node has, in the order in which they came. */
async function received(stage: Stage, node: NodeId, word: string): Promise<readonly number[]> {
  const { notes } = (await stage.ask(node, { type: 'notes' })) as { notes: readonly string[] };
  return notes.filter((note) => note.startsWith(`${n1} ${word} `)).map((note) => Number(note.split(' ')[2]));
}

const inversions = (numbers: readonly number[]): number =>
  numbers.filter((number, index) => number < Math.max(...numbers.slice(0, index + 1))).length;

/** Writes to n2 again and again, until told to stop; tells the numbers that were acknowledged. */
function writing(stage: Stage): () => Promise<readonly number[]> {
  const acknowledged: number[] = [];
  const state = { stopped: false };
  const all = (async () => {
    for (let value = 1; !state.stopped; value++) {
      const reply = await stage.ask(n2, { type: 'enter', key: `k${value}`, value }, 500);
      if (typeof reply === 'object' && reply['type'] === 'enter_ok') acknowledged.push(value);
      else await stage.sleep(20);
    }
  })();
  return async () => {
    state.stopped = true;
    await all;
    return acknowledged;
  };
}

export function faultContract(name: string, environment: () => Environment, driftOf: DriftOf = 'both clocks'): void {
  const { deploy, play } = theatre(environment);
  const can = (kind: FaultKind): boolean => environment().faults.has(kind);

  if (can('clock')) clockContract(name, environment, driftOf);

  if (can('packets'))
    describe(`the packets of the ${name} environment`, () => {
      test('a delay makes frames of its links late, and its end makes them prompt again', async () => {
        await play(await deploy(), async (stage) => {
          const delay = weather({ type: 'delay', delay: milliseconds(300), jitter: milliseconds(20) });
          const { id, answer } = await stage.begin(delay);
          expect(answer).toEqual(ok(/^probes take 3\d\d\.\d ms more than before$/));
          expect(await stage.reachedFrom(n1)).toEqual([n3]);
          await stage.sleep(300);
          expect(await received(stage, n2, 'note')).not.toEqual([]);
          expect(await stage.end(id)).toEqual(ok(/^probes take \d\.\d ms again$/));
          expect(await stage.reachedFrom(n1)).toEqual([n2, n3]);
        });
      });

      test('loss and duplicates come at their shares, on their links alone, until they end', async () => {
        await play(await deploy(), async (stage) => {
          const loss = await stage.begin(weather({ type: 'loss', share: 0.4 }));
          expect(loss.answer).toEqual(ok(/^of \d+ probes \d+ were lost \(before: \d of \d+\)$/));
          await send(stage, 200, 1, 'lossy');
          expect(new Set(await received(stage, n2, 'lossy')).size / 200).toBeCloseTo(0.6, 0.7);
          expect((await received(stage, n3, 'lossy')).length).toBeGreaterThan(190);
          expect(await stage.end(loss.id)).toEqual(ok(/^of \d+ probes \d were lost again$/));
          const twice = await stage.begin(weather({ type: 'duplicate', share: 0.4 }));
          expect(twice.answer).toEqual(ok(/^of \d+ probes \d+ came twice \(before: \d of \d+\)$/));
          await send(stage, 200, 1, 'twice');
          expect((await received(stage, n2, 'twice')).length / 200).toBeCloseTo(1.4, 0.7);
          expect((await received(stage, n3, 'twice')).length).toBeLessThan(210);
          expect(await stage.end(twice.id)).toEqual(ok(/^of \d+ probes \d came twice again$/));
          await send(stage, 200, 1, 'calm');
          expect((await received(stage, n2, 'calm')).length / 200).toBeCloseTo(1, 1);
        });
      });

      test('reordering makes later frames overtake earlier ones, until it ends', async () => {
        await play(await deploy(), async (stage) => {
          const mixed = weather({ type: 'reorder', share: 0.4, within: milliseconds(80) });
          const { id, answer } = await stage.begin(mixed);
          expect(answer).toEqual(ok(/^of \d+ probes \d+ were overtaken by later ones \(before: \d of \d+\)$/));
          await send(stage, 100, 5, 'mixed');
          expect(inversions(await received(stage, n2, 'mixed'))).toBeGreaterThan(15);
          expect(inversions(await received(stage, n3, 'mixed'))).toBeLessThan(5);
          expect(await stage.end(id)).toEqual(ok(/were overtaken by later ones again$/));
          await send(stage, 100, 5, 'sorted');
          expect(inversions(await received(stage, n2, 'sorted'))).toBeLessThan(5);
        });
      });

      test('what is held does not come before the end, and then comes all at once', async () => {
        await play(await deploy(), async (stage) => {
          const { id, answer } = await stage.begin(weather({ type: 'hold' }));
          expect(answer).toEqual(ok(/^none of 40 probes came out$/));
          await send(stage, 50, 5, 'held');
          expect(await received(stage, n2, 'held')).toEqual([]);
          expect(await stage.end(id)).toEqual(
            ok(/^(39|40) of 40 held probes came out; (39|40) of 40 probes came out again$/),
          );
          expect((await received(stage, n2, 'held')).length).toBeGreaterThan(45);
        });
      });

      test('a link that is cut as well is cut, and is in trouble again when the cut ends', async () => {
        await play(await deploy(), async (stage) => {
          const delay = await stage.begin(
            weather({ type: 'delay', delay: milliseconds(300), jitter: milliseconds(1) }),
          );
          const cut = await stage.begin({ kind: 'partition', cut: [[n1, n2]] });
          expect(cut.answer).toEqual(ok(/^1 of 1 cut links dropped/));
          await send(stage, 5, 1, 'cut');
          await stage.sleep(400);
          expect(await received(stage, n2, 'cut')).toEqual([]);
          expect(await stage.end(cut.id)).toMatchObject({ ok: true });
          expect(await stage.reachedFrom(n1)).toEqual([n3]);
          expect(await stage.end(delay.id)).toMatchObject({ ok: true });
          expect(await stage.reachedFrom(n1)).toEqual([n2, n3]);
        });
      });

      test('trouble on links that are all cut is proved when the cut ends', async () => {
        await play(await deploy(), async (stage) => {
          const cut = await stage.begin({ kind: 'partition', cut: [[n1, n2]] });
          const begun = stage.begin(weather({ type: 'loss', share: 0.5 }));
          await stage.sleep(1_000);
          await stage.end(cut.id);
          const { id, answer } = await begun;
          expect(answer).toEqual(ok(/were lost/));
          await stage.end(id);
        });
      });
    });

  if (can('disk'))
    describe(`the disks of the ${name} environment`, () => {
      test.each<readonly [DiskTrouble, RegExp]>([
        [{ type: 'torn' }, /^n2 was killed in the midst of a write: \d+ whole records and a torn one are on its disk$/],
        [{ type: 'sync-error' }, /^a write of n2 failed \(EIO: .*\), and it went down$/],
      ])(
        '%j brings the node down at its next write until it ends, keeps what was durable, and is no finding',
        async (how, proof) => {
          const cluster = await deploy();
          await play(cluster, async (stage) => {
            const stop = writing(stage);
            await stage.sleep(50);
            const { id, answer } = await stage.begin(trouble(how));
            expect(answer).toEqual(ok(proof));
            expect(await stage.ask(n2, { type: 'drawn' })).toBe('undeliverable before');
            const { id: kill } = await stage.begin({ kind: 'kill', nodes: [n2] });
            await stage.end(kill);
            expect(await stage.inspect(n2)).toMatchObject({ ok: false });
            expect(await stage.end(id)).toEqual(ok(/^n2 up again from what was on disk, and answering$/));
            await stage.sleep(50);
            const acknowledged = await stop();
            expect(acknowledged.length).toBeGreaterThan(20);
            for (const value of acknowledged) expect(await stage.peek(n2, `k${value}`)).toEqual({ ok: true, value });
            expect(await stage.ask(n2, { type: 'drawn' })).toMatchObject({ life: 2 });
          });
          expect(cluster.findings()).toEqual([]);
        },
      );

      test('a full disk takes no write until it ends, however often the node starts, and keeps what was durable', async () => {
        const cluster = await deploy();
        await play(cluster, async (stage) => {
          const stop = writing(stage);
          await stage.sleep(50);
          const { id, answer } = await stage.begin(trouble({ type: 'full' }));
          expect(answer).toEqual(ok(/^a write of n2 failed \(ENOSPC: .*\), and it went down$/));
          const before = await stop();
          // It is started again, answers what it has, and goes down with the next write, again and again.
          for (let life = 2; life <= 4; life++) {
            await stage.sleep(1_100);
            expect(await stage.ask(n2, { type: 'drawn' })).toMatchObject({ life });
            expect(await stage.ask(n2, { type: 'enter', key: 'lost', value: life })).toBe('undeliverable after');
            expect(await stage.ask(n2, { type: 'drawn' })).toBe('undeliverable before');
          }
          expect(await stage.end(id)).toEqual(ok(/^n2 up again from what was on disk, and answering$/));
          expect(before.length).toBeGreaterThan(5);
          for (const value of before) expect(await stage.peek(n2, `k${value}`)).toEqual({ ok: true, value });
          expect(await stage.inspect(n2)).toMatchObject({ value: { life: 5, entries: before.length } });
          expect(await stage.ask(n2, { type: 'enter', key: 'room', value: 1 })).toMatchObject({ type: 'enter_ok' });
        });
        expect(cluster.findings()).toEqual([]);
      });

      test('a torn write is torn for certain, and not only perhaps', async () => {
        for (let seed = 1; seed <= 12; seed++)
          await play(await deploy({ seed }), async (stage) => {
            const begun = stage.begin(trouble({ type: 'torn' }));
            void stage.ask(n2, { type: 'enter', key: 'k', value: 'a longer word' });
            const { answer } = await begun;
            expect(answer, `seed ${seed}`).toEqual(
              ok(/^n2 was killed in the midst of a write: 0 whole records and a torn/),
            );
          });
      });

      test('a slow disk makes every write so slow, and its end makes them fast again', async () => {
        await play(await deploy(), async (stage) => {
          const took = async (): Promise<number> => {
            const asked = stage.cluster.world.now();
            await stage.ask(n2, { type: 'enter', key: 'k', value: 1 });
            return (stage.cluster.world.now() - asked) / 1e6;
          };
          const { id, answer } = await stage.begin(trouble({ type: 'slow', sync: milliseconds(120) }));
          expect(answer).toEqual(ok(/^a sync of n2 takes 120\.0 ms \(before: 0\.\d ms\)$/));
          expect(await took()).toBeGreaterThanOrEqual(120);
          expect(await took()).toBeGreaterThanOrEqual(120);
          expect(await stage.end(id)).toEqual(ok(/^a sync of n2 takes 0\.\d ms again$/));
          expect(await took()).toBeLessThan(10);
        });
      });

      test('a trouble that waits for a write does so for a while, and takes itself back', async () => {
        await play(await deploy(), async (stage) => {
          const { id, answer } = await stage.begin(trouble({ type: 'sync-error' }));
          expect(answer).toEqual(failed(/^n2 wrote nothing within 20 s$/));
          expect(await stage.ask(n2, { type: 'enter', key: 'k', value: 1 })).toMatchObject({ type: 'enter_ok' });
          expect(await stage.end(id)).toMatchObject({ ok: true });
        });
      });
    });

  if (can('membership'))
    describe(`the membership of the ${name} environment`, () => {
      const leave: Fault = { kind: 'membership', node: n3 };
      const council = { values: { council: true } };

      test('a node is taken out of the configuration and in again, wherever the request arrives', async () => {
        await play(await deploy(council), async (stage) => {
          const { id, answer } = await stage.begin(leave);
          expect(answer).toEqual(ok(/^n3 is no member any more: the leader n1 shows n1 n2$/));
          expect(await stage.inspect(n1)).toMatchObject({ ok: true, value: { members: ['n1', 'n2'] } });
          expect(await stage.end(id)).toEqual(ok(/^n3 is a member again: the leader n1 shows n1 n2 n3$/));
        });
      });

      test('is asked for again until somebody can do it', async () => {
        await play(await deploy(council), async (stage) => {
          const { id: kill } = await stage.begin({ kind: 'kill', nodes: [n1] });
          const begun = stage.begin(leave);
          await stage.sleep(500);
          await stage.end(kill);
          const { id, answer } = await begun;
          expect(answer).toEqual(ok(/^n3 is no member any more/));
          expect(await stage.end(id)).toEqual(ok(/^n3 is a member again/));
        });
      });

      test('the leadership is handed to a node, and there is nothing to undo', async () => {
        await play(await deploy(council), async (stage) => {
          const lead: Fault = { kind: 'membership', node: n3, leads: true };
          const { id, answer } = await stage.begin(lead);
          expect(answer).toEqual(ok(/^n3 leads term 2 after it was handed over to it; before, n1 led term 1$/));
          expect(await stage.inspect(n3)).toMatchObject({ ok: true, value: { role: 'leader', term: 2 } });
          expect(await stage.end(id)).toEqual(ok(/^nothing to undo/));
          expect(await stage.inspect(n3)).toMatchObject({ ok: true, value: { role: 'leader', term: 2 } });
          const again = await stage.begin(lead);
          expect(again.answer).toEqual(failed(/^n3 led already, so nobody was asked to hand over to it$/));
        });
      });

      test('a system that cannot change its membership is not asked', async () => {
        const { membership: _, ...system } = ledger;
        await play(await deploy({ system }), async (stage) => {
          const { answer } = await stage.begin(leave);
          expect(answer).toEqual(failed(/^ledger cannot change its membership$/));
        });
      });
    });
}
