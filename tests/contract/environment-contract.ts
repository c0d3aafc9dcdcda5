/** What every environment must do, told once and run against each. */
import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeId, nodeNames } from '../../src/core/ids.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Cluster, Environment } from '../../src/environments/environment.ts';
import type { Link } from '../../src/environments/faults.ts';
import { ok, theatre } from './stage.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

export function environmentContract(name: string, environment: () => Environment): void {
  const { deploy, play } = theatre(environment);

  describe(`the ${name} environment`, () => {
    test('every node answers, keeps what it is told, and shows it', async () => {
      await play(await deploy(), async (stage) => {
        for (const node of [n1, n2, n3]) {
          expect(await stage.inspect(node)).toEqual({ ok: true, value: { role: 'ledger', life: 1, entries: 0 } });
          expect(await stage.ask(node, { type: 'enter', key: 'k', value: 7 })).toMatchObject({ type: 'enter_ok' });
          expect(await stage.peek(node, 'k')).toEqual({ ok: true, value: 7 });
          expect(await stage.peek(node, 'nobody wrote it')).toEqual({ ok: true, value: null });
        }
      });
    });

    test('messages reach every other node, and a cut of one direction stops just that one', async () => {
      await play(await deploy(), async (stage) => {
        await stage.connected();
        const { id, answer } = await stage.begin({ kind: 'partition', cut: [[n1, n2]] });
        expect(answer).toEqual(ok(/^1 of 1 cut links dropped .*; 5 of 5 open links delivered/));
        expect(await stage.reachedFrom(n1)).toEqual([n3]);
        expect(await stage.reachedFrom(n2)).toEqual([n1, n3]);
        expect(await stage.end(id)).toEqual(ok(/^1 of 1 links deliver again/));
        expect(await stage.reachedFrom(n1)).toEqual([n2, n3]);
      });
    });

    test('a link stays cut while any of two partitions cuts it', async () => {
      await play(await deploy(), async (stage) => {
        await stage.connected();
        const isolate = (node: NodeId, others: readonly NodeId[]): readonly Link[] =>
          others.flatMap((other): Link[] => [
            [node, other],
            [other, node],
          ]);
        const first = await stage.begin({ kind: 'partition', cut: isolate(n1, [n2, n3]) });
        const second = await stage.begin({ kind: 'partition', cut: isolate(n2, [n1, n3]) });
        expect([first.answer.ok, second.answer.ok]).toEqual([true, true]);
        await stage.end(first.id);
        expect(await stage.reachedFrom(n1)).toEqual([n3]);
        await stage.end(second.id);
        expect(await stage.reachedFrom(n1)).toEqual([n2, n3]);
      });
    });

    test('a killed node is gone, refuses requests, and comes back with what was durable and with new random draws', async () => {
      await play(await deploy(), async (stage) => {
        await stage.ask(n2, { type: 'enter', key: 'k', value: 'kept' });
        const before = await stage.ask(n2, { type: 'drawn' });
        const { id, answer } = await stage.begin({ kind: 'kill', nodes: [n2] });
        expect(answer).toEqual(ok(/n2/));
        expect(await stage.ask(n2, { type: 'drawn' })).toBe('undeliverable before');
        expect(await stage.inspect(n2)).toMatchObject({ ok: false });
        expect(await stage.end(id)).toEqual(ok(/n2/));
        expect(await stage.peek(n2, 'k')).toEqual({ ok: true, value: 'kept' });
        const after = await stage.ask(n2, { type: 'drawn' });
        expect(before).toMatchObject({ life: 1 });
        expect(after).toMatchObject({ life: 2 });
        expect((after as { drawn: number }).drawn).not.toBe((before as { drawn: number }).drawn);
      });
    });

    test('a request in the hands of a node that is killed is undeliverable after its first byte', async () => {
      await play(await deploy(), async (stage) => {
        const open = stage.ask(n3, { type: 'never' });
        await stage.sleep(50);
        const { id } = await stage.begin({ kind: 'kill', nodes: [n3] });
        expect(await open).toBe('undeliverable after');
        await stage.end(id);
      });
    });

    test('a node that two faults kill starts when the second one ends', async () => {
      await play(await deploy(), async (stage) => {
        const first = await stage.begin({ kind: 'kill', nodes: [n1, n2] });
        const second = await stage.begin({ kind: 'kill', nodes: [n2] });
        await stage.end(first.id);
        expect(await stage.inspect(n1)).toMatchObject({ ok: true });
        expect(await stage.inspect(n2)).toMatchObject({ ok: false });
        await stage.end(second.id);
        expect(await stage.inspect(n2)).toMatchObject({ ok: true });
      });
    });

    test('a paused node is silent, and answers what it was asked when it resumes', async () => {
      await play(await deploy(), async (stage) => {
        await stage.ask(n1, { type: 'drawn' });
        const { id, answer } = await stage.begin({ kind: 'pause', nodes: [n1] });
        expect(answer).toEqual(ok(/n1/));
        const asked = stage.ask(n1, { type: 'drawn' }, 10_000);
        expect(await stage.ask(n1, { type: 'drawn' }, 200)).toBe('silence');
        expect(await stage.end(id)).toEqual(ok(/n1/));
        expect(await asked).toMatchObject({ type: 'drawn_ok', life: 1 });
      });
    });

    test('a node that is killed while it is paused stays paused in its next life', async () => {
      await play(await deploy(), async (stage) => {
        const pause = await stage.begin({ kind: 'pause', nodes: [n1] });
        const kill = await stage.begin({ kind: 'kill', nodes: [n1] });
        await stage.end(kill.id);
        expect(await stage.ask(n1, { type: 'drawn' }, 200)).toBe('silence');
        expect(await stage.end(pause.id)).toEqual(ok(/n1/));
        expect(await stage.ask(n1, { type: 'drawn' })).toMatchObject({ life: 2 });
      });
    });

    test('a timer is never early', async () => {
      await play(await deploy(), async (stage) => {
        const asked = stage.cluster.world.now();
        expect(await stage.ask(n1, { type: 'alarm', after: 40 })).toMatchObject({ type: 'alarm_ok' });
        expect(stage.cluster.world.now() - asked).toBeGreaterThanOrEqual(milliseconds(40));
      });
    });

    test('a step that throws is a finding that names the node, and the others go on', async () => {
      const cluster = await deploy();
      await play(cluster, async (stage) => {
        expect(await stage.ask(n2, { type: 'break' })).toBe('undeliverable after');
        expect(await stage.ask(n1, { type: 'drawn' })).toMatchObject({ type: 'drawn_ok' });
      });
      expect(cluster.findings()).toMatchObject([{ kind: 'crash', node: n2 }]);
      expect(cluster.findings()[0]?.text).toContain('the ledger was told to break');
    });

    test('random draws differ between nodes, and between seeds', async () => {
      const drawn = async (cluster: Cluster, node: NodeId): Promise<number> => {
        let value = 0;
        await play(cluster, async (stage) => {
          value = ((await stage.ask(node, { type: 'drawn' })) as { drawn: number }).drawn;
        });
        return value;
      };
      const one = await deploy();
      const all = [await drawn(one, n1), await drawn(one, n2), await drawn(await deploy({ seed: 2 }), n1)];
      expect(new Set(all).size).toBe(3);
      expect(await drawn(await deploy(), n1)).toBe(all[0]);
    });

    test('a fault on a node that does not exist is an error that leaves nothing behind', async () => {
      await play(await deploy(), async (stage) => {
        const { answer } = await stage.begin({ kind: 'kill', nodes: [nodeId('n9')] });
        expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('n9') as unknown });
        expect(await stage.inspect(n1)).toMatchObject({ ok: true });
      });
    });
  });
}
