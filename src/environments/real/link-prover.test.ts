import { describe, expect, test } from 'vitest';
import { nodeNames } from '../../core/ids.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Link } from '../faults.ts';
import { linkName } from '../link-proof.ts';
import type { Fate, ProvingGround } from './link-prover.ts';
import { LinkProver } from './link-prover.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];
const there: Link = [n1, n2];
const open: Link = [n1, n3];

interface Truth {
  /** What is said to be cut, and what the proxies in fact drop; the same unless the test says otherwise. */
  readonly cut?: readonly Link[];
  readonly dropping?: readonly Link[];
  /** Links that lose everything although nobody cuts them. */
  readonly broken?: readonly Link[];
  /** Links whose proxy says that it drops, while frames arrive all the same. */
  readonly leaking?: readonly Link[];
  readonly unwell?: readonly NodeId[];
}

/** A cluster in which probes go as the test says. */
const prover = ({ cut = [], dropping = cut, broken = [], leaking = [], unwell = [] }: Truth): LinkProver => {
  const fates = new Map<number, Fate>();
  const seen = new Map<NodeId, Set<number>>([n1, n2, n3].map((node) => [node, new Set()]));
  const among = (links: readonly Link[], link: Link): boolean =>
    links.some((other) => linkName(other) === linkName(link));
  const send = (link: Link, nonce: number): void => {
    const drops = among(dropping, link);
    fates.set(nonce, drops ? 'cut' : unwell.includes(link[1]) ? 'lost' : 'forwarded');
    if ((!drops && !among(broken, link)) || among(leaking, link)) seen.get(link[1])?.add(nonce);
  };
  const ground: ProvingGround = {
    links: {
      watch: async (link, nonce, sends) => {
        if (sends === null) send(link, nonce);
        else await sends();
        return fates.get(nonce) ?? null;
      },
    },
    control: {
      probe: async (from, to, nonce) => {
        if (unwell.includes(from)) throw new Error('it does not answer');
        send([from, to], nonce);
      },
      probesSeen: async (node) => seen.get(node) ?? new Set(),
    },
    takesProbes: true,
    isWell: (node) => !unwell.includes(node),
    isCut: (link) => among(cut, link),
  };
  return new LinkProver(ground, { patience: 200, probe: 20, observation: 10 });
};

describe('the proof of a cut', () => {
  test('counts the links that dropped a probe, and the open ones that delivered theirs', async () => {
    expect(await prover({ cut: [there] }).proveCut([there], [open])).toEqual({
      ok: true,
      value: '1 of 1 cut links dropped their probes; 1 of 1 open links delivered theirs',
    });
  });

  test('fails when a link that should be cut lets a probe through', async () => {
    const error = '1 of 1 cut links still delivered a probe';
    expect(await prover({ cut: [there], dropping: [] }).proveCut([there], [open])).toEqual({ ok: false, error });
    expect(await prover({ cut: [there], dropping: [], broken: [there] }).proveCut([there], [open])).toEqual({
      ok: false,
      error,
    });
    expect(await prover({ cut: [there], leaking: [there] }).proveCut([there], [open])).toEqual({ ok: false, error });
  });

  test('fails when nothing arrives on open links either: the probes prove nothing then', async () => {
    expect(await prover({ cut: [there], broken: [open] }).proveCut([there], [open])).toEqual({
      ok: false,
      error: '1 of 1 open links lost every probe',
    });
  });

  test('is given at the link itself when an end is down or stopped', async () => {
    for (const unwell of [[n1], [n2], [n1, n2]])
      expect(await prover({ cut: [there], unwell }).proveCut([there], [])).toEqual({
        ok: true,
        value: '1 of 1 cut links dropped their probes; no link was left open to compare',
      });
    expect(await prover({ cut: [there], dropping: [], unwell: [n2] }).proveCut([there], [])).toMatchObject({
      ok: false,
    });
  });
});

describe('the proof of healing', () => {
  test('asks every link to deliver, as far as its ends are well and no other fault cuts it', async () => {
    const links: readonly Link[] = [there, open, [n2, n3], [n3, n2]];
    expect(await prover({ cut: [[n3, n2]], unwell: [n2] }).proveOpen(links)).toEqual({
      ok: true,
      value:
        '1 of 1 links deliver again; 2 with an end that is down or stopped are open again; 1 stay cut by another fault',
    });
  });

  test('fails when a link stays silent, or still drops what is put into it', async () => {
    expect(await prover({ broken: [there] }).proveOpen([there, open])).toEqual({
      ok: false,
      error: 'only 1 of 2 restored links deliver',
    });
    expect(await prover({ dropping: [there], unwell: [n2] }).proveOpen([there])).toEqual({
      ok: false,
      error: 'only 0 of 1 restored links deliver',
    });
  });
});
