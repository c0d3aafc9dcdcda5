import { beforeEach, describe, expect, test } from 'vitest';
import { ledger } from '../../../tests/fixtures/ledger.ts';
import { nodeNames } from '../../core/ids.ts';
import { encodeFrame } from '../../protocol/wire.ts';
import { seeded } from '../../core/random.ts';
import { seconds } from '../../core/time.ts';
import { SimulatedClients } from '../../runtimes/simulated/clients.ts';
import { SimulatedNetwork, ordinaryWeather } from '../../runtimes/simulated/network.ts';
import { SimulatedNode } from '../../runtimes/simulated/node.ts';
import { Timeline } from '../../runtimes/simulated/timeline.ts';
import type { Answer, Fault } from '../faults.ts';
import { DiskFaults } from './disk-faults.ts';
import { LinkFaults } from './link-faults.ts';
import { NodeFaults } from './node-faults.ts';
import type { SimulatedParts } from './parts.ts';
import { nodeOf } from './parts.ts';

const names = nodeNames(3);
const [n1, n2, n3] = names as [(typeof names)[0], (typeof names)[0], (typeof names)[0]];
const cut: Extract<Fault, { kind: 'partition' }> = {
  kind: 'partition',
  cut: [
    [n1, n2],
    [n2, n1],
  ],
};

let parts: SimulatedParts;
beforeEach(() => {
  const timeline = new Timeline();
  const random = seeded(1);
  const nodes = new Map<(typeof names)[0], SimulatedNode>();
  const network = new SimulatedNetwork(timeline, random.fork('network'), ordinaryWeather, (to, frame) =>
    nodes.get(to)?.receivePeer(frame),
  );
  const clients = new SimulatedClients(timeline, random.fork('clients'), (id) => nodes.get(id));
  for (const self of names) {
    const node = new SimulatedNode({
      self,
      nodes: names,
      protocol: ledger.protocol,
      options: { bug: null, values: {} },
      sync: 'always',
      timeline,
      random: random.fork(self),
      network: { send: (to, frame) => network.send(self, to, frame), answer: () => {} },
      onCrash: (_node, { finding, error }) => {
        if (finding) throw error;
      },
    });
    nodes.set(self, node);
    node.start();
  }
  parts = { timeline, network, clients, nodes };
});

/** What an action answers, once virtual time has done its part. */
function settle(action: (done: (answer: Answer<string>) => void) => void): Answer<string> {
  const answers: Answer<string>[] = [];
  action((answer) => answers.push(answer));
  while (answers.length === 0 && parts.timeline.advance());
  return answers[0] ?? { ok: false, error: 'no answer' };
}

describe('a simulated partition', () => {
  test('whose links deliver before it is ended did not last', () => {
    const links = new LinkFaults(parts);
    expect(settle((done) => links.begin(1, cut, done))).toMatchObject({ ok: true });
    parts.network.restore(n1, n2);
    expect(settle((done) => links.end(1, cut, done))).toEqual({
      ok: false,
      error: 'it did not last: 1 of 2 cut links still delivered a probe',
    });
  });

  test('whose links stay cut when it has ended is not healed', () => {
    const links = new LinkFaults(parts);
    expect(settle((done) => links.begin(1, cut, done))).toMatchObject({ ok: true });
    parts.network.restore = () => {};
    expect(settle((done) => links.end(1, cut, done))).toEqual({
      ok: false,
      error: 'only 0 of 2 restored links deliver',
    });
  });

  test('is healed as far as no other partition cuts the same links, and says so', () => {
    const links = new LinkFaults(parts);
    const other: typeof cut = { kind: 'partition', cut: [[n1, n2]] };
    settle((done) => links.begin(1, cut, done));
    settle((done) => links.begin(2, other, done));
    expect(settle((done) => links.end(1, cut, done))).toEqual({
      ok: true,
      value: '1 of 1 links deliver again; 1 are under another fault',
    });
    expect(settle((done) => links.end(2, other, done))).toEqual({ ok: true, value: '1 of 1 links deliver again' });
  });
});

describe('a simulated kill or pause', () => {
  test('that a node came back from by itself did not last', () => {
    const faults = new NodeFaults(parts);
    const kill = { kind: 'kill', nodes: [n1, n2] } as const;
    const pause = { kind: 'pause', nodes: [n3] } as const;
    expect(settle((done) => faults.begin(1, kill, done))).toMatchObject({ ok: true });
    nodeOf(parts, n2).start();
    expect(settle((done) => faults.end(1, kill, done))).toEqual({
      ok: false,
      error: 'it did not last: n2 still answered',
    });
    expect(settle((done) => faults.begin(2, pause, done))).toMatchObject({ ok: true });
    nodeOf(parts, n3).resume();
    expect(settle((done) => faults.end(2, pause, done))).toMatchObject({ ok: false });
  });

  test('of a node that is silent to questions but takes the frames of its peers is no pause', () => {
    const node = nodeOf(parts, n1);
    node.whenRunning = () => {};
    node.pause = () => {};
    const faults = new NodeFaults(parts);
    expect(settle((done) => faults.begin(1, { kind: 'pause', nodes: [n1] }, done))).toEqual({
      ok: false,
      error: 'n1 still answered',
    });
  });
});

describe('a simulated full disk', () => {
  test('keeps no node down that heard only after its end, since it was paused, that a write had failed', () => {
    const nodes = new NodeFaults(parts);
    const disks = new DiskFaults(parts, nodes);
    const full = { kind: 'disk', nodes: [n1], trouble: { type: 'full' } } as const;
    const pause = { kind: 'pause', nodes: [n1] } as const;
    const node = nodeOf(parts, n1);
    disks.begin(1, full, () => {});
    node.receiveClient(encodeFrame('c1', n1, { type: 'enter', key: 'k', value: 1, msg_id: 1 }));
    nodes.begin(2, pause, () => {});
    expect(settle((done) => disks.end(1, full, done))).toMatchObject({ ok: true });
    expect(settle((done) => nodes.end(2, pause, done))).toMatchObject({ ok: true });
    settle((done) => void parts.timeline.after(seconds(1), () => done({ ok: true, value: '' })));
    expect(node.life).toBe(2);
    expect(node.running).toBe(true);
  });
});
