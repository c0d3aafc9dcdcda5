/** A network that works, badly: what is in between whole links and cut ones. */
import { milliseconds } from '../src/core/time.ts';
import { oneWay, others } from '../src/nemesis/grudge.ts';
import { choose, describe } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant, NemesisView, PlannedFault } from '../src/nemesis/nemesis.ts';

type Weather = Extract<PlannedFault['fault'], { kind: 'packets' }>['weather'];
type Links = Extract<PlannedFault['fault'], { kind: 'packets' }>['links'];

/** Everything; or what one node says and hears, often the leader; or one of these directions. */
function area(view: NemesisView): {
  readonly links: Links;
  readonly words: string;
  readonly nodes: NemesisView['nodes'];
} {
  const { nodes, random } = view;
  if (random.chance(0.25)) return { links: nodes.flatMap((node) => toOthers(node, nodes)), words: 'all links', nodes };
  const alone = (random.chance(0.5) ? choose('primary', view, nodes) : null) ?? [random.pick(nodes)];
  const rest = others(nodes, alone);
  const direction = random.below(3);
  const links = [...(direction === 1 ? [] : oneWay(alone, rest)), ...(direction === 2 ? [] : oneWay(rest, alone))];
  const words = ['from and to', 'to', 'from'][direction] ?? '';
  return { links, words: `${words} ${describe(alone, view)}`, nodes: alone };
}

const toOthers = (node: NemesisView['nodes'][number], nodes: NemesisView['nodes']): Links =>
  oneWay([node], others(nodes, [node]));

const variant = (
  name: Weather['type'],
  summary: string,
  draw: (random: NemesisView['random']) => Weather,
): NemesisVariant => ({
  name,
  summary,
  minimumNodes: 2,
  needs: `packets:${name}`,
  plan(view) {
    const weather = draw(view.random);
    const { links, words, nodes } = area(view);
    return { fault: { kind: 'packets', links, weather }, targets: `${words}: ${wordsOf(weather)}`, nodes };
  },
});

const delay = variant('delay', 'Frames take 20 to 300 ms longer, and up to half as much again.', (random) => {
  const time = random.pick([20, 50, 100, 300]);
  return { type: 'delay', delay: milliseconds(time), jitter: milliseconds(time / 2) };
});

const loss = variant('loss', 'A tenth to half of the frames are lost.', (random) => ({
  type: 'loss',
  share: random.pick([0.1, 0.25, 0.5]),
}));

const duplicate = variant('duplicate', 'A tenth to half of the frames come twice.', (random) => ({
  type: 'duplicate',
  share: random.pick([0.1, 0.25, 0.5]),
}));

const reorder = variant(
  'reorder',
  'A quarter to half of the frames are kept back for up to half a second.',
  (random) => ({
    type: 'reorder',
    share: random.pick([0.25, 0.5]),
    within: milliseconds(random.pick([100, 250, 500])),
  }),
);

const hold = variant('hold', 'Frames are held, and come all at once at the end, when they are old.', () => ({
  type: 'hold',
}));

const rate = variant('rate', 'Links carry 20 to 200 kB a second; what is more waits.', (random) => ({
  type: 'rate',
  bytesPerSecond: random.pick([20_000, 50_000, 200_000]),
}));

function wordsOf(weather: Weather): string {
  if (weather.type === 'delay') return `${weather.delay / 1e6} to ${(weather.delay + weather.jitter) / 1e6} ms more`;
  if (weather.type === 'hold') return 'held';
  if (weather.type === 'rate') return `${weather.bytesPerSecond / 1000} kB a second`;
  const words = { loss: 'lost', duplicate: 'twice', reorder: 'out of order' }[weather.type];
  return `${weather.share * 100}% ${words}`;
}

export const packets: Nemesis = {
  name: 'packets',
  summary: 'Delays, loses, doubles, mixes up or holds frames on links between nodes, or makes the links narrow.',
  needs: ['packets'],
  variants: [delay, loss, duplicate, reorder, hold, rate],
};
