/**
 * Clocks that are wrong. The sizes of the steps are the tiers that people test with: from what a badly kept machine
 * shows to what a wrong time zone does. Drift is the one thing that also reaches the clock that timers run on.
 */
import { milliseconds } from '../src/core/time.ts';
import { choose, describe } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant, NemesisView } from '../src/nemesis/nemesis.ts';

const tiers = [100, 250, 500, 5_000, 3_600_000].map(milliseconds);
const periods = [20, 50, 100, 200].map(milliseconds);

/** A share: what drifts without a limit in the claim drifts up to this. No quartz does. */
const wildDrift = 0.1;

/** The leader alone as often as any other choice: promises that lean on clocks are made by it. */
function victims(view: NemesisView): NemesisView['nodes'] {
  const { nodes, random } = view;
  const alone = random.chance(0.5) ? choose('primary', view, nodes) : null;
  if (alone !== null) return alone;
  const chosen = new Set(random.shuffle(nodes).slice(0, 1 + random.below(nodes.length)));
  return nodes.filter((node) => chosen.has(node));
}

const signed = (size: number, view: NemesisView): number => (view.random.chance(0.5) ? size : -size);

const bump: NemesisVariant = {
  name: 'bump',
  summary: 'Steps wall clocks forward or back: by 100 ms, 250 ms, 500 ms, 5 s or an hour.',
  minimumNodes: 1,
  plan(view) {
    const nodes = victims(view);
    const by = milliseconds(signed(view.random.pick(tiers), view) / 1e6);
    const targets = `${describe(nodes, view)} by ${amount(by)}`;
    return { fault: { kind: 'clock', nodes, skew: { type: 'bump', by } }, targets, nodes };
  },
};

const strobe: NemesisVariant = {
  name: 'strobe',
  summary: 'Steps wall clocks to and fro, every 20 to 200 ms.',
  minimumNodes: 1,
  plan(view) {
    const nodes = victims(view);
    const by = milliseconds(signed(view.random.pick(tiers), view) / 1e6);
    const period = view.random.pick(periods);
    const targets = `${describe(nodes, view)} by ${amount(by)} every ${amount(period)}`;
    return { fault: { kind: 'clock', nodes, skew: { type: 'strobe', by, period } }, targets, nodes };
  },
};

/** More than passes meanwhile: on the whole the clock goes backward, and what it should measure never comes to an end. */
const rewindings = [
  { by: milliseconds(250), period: milliseconds(100) },
  { by: milliseconds(500), period: milliseconds(200) },
  { by: milliseconds(5_000), period: milliseconds(250) },
];

const rewind: NemesisVariant = {
  name: 'rewind',
  summary: 'Sets wall clocks back several times a second.',
  minimumNodes: 1,
  favoured: true,
  plan(view) {
    const nodes = victims(view);
    const { by, period } = view.random.pick(rewindings);
    const targets = `${describe(nodes, view)} back by ${amount(by)} every ${amount(period)}`;
    return { fault: { kind: 'clock', nodes, skew: { type: 'rewind', by, period } }, targets, nodes };
  },
};

const drift: NemesisVariant = {
  name: 'drift',
  summary: 'Lets both clocks of nodes run too fast or too slow, as far as the claim allows.',
  minimumNodes: 1,
  plan(view) {
    const { maxDrift } = view.assumes;
    const nodes = victims(view);
    // A claim that assumes perfect clocks is left behind by any drift.
    const most = maxDrift === null || maxDrift === 0 ? wildDrift : maxDrift;
    const share = view.random.chance(0.5) ? 1 : view.random.unit();
    const rate = signed(most * Math.max(0.1, share), view);
    const targets = `${describe(nodes, view)} by ${Number((rate * 100).toPrecision(2))}%`;
    return { fault: { kind: 'clock', nodes, skew: { type: 'drift', rate } }, targets, nodes };
  },
};

function amount(time: number): string {
  const size = Math.abs(time);
  const words = size >= 3.6e12 ? `${size / 3.6e12} h` : size >= 1e9 ? `${size / 1e9} s` : `${size / 1e6} ms`;
  return time < 0 ? `-${words}` : words;
}

export const clock: Nemesis = {
  name: 'clock',
  summary: 'Steps the wall clocks of nodes, or lets their clocks drift.',
  needs: ['clock'],
  variants: [bump, strobe, rewind, drift],
};
