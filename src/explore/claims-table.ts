/** What each option set of each system promises, as a table. */
import { nodeNames } from '../core/ids.ts';
import { type Measurement, conditions } from './measure.ts';
import { table } from './table.ts';

type Claimed = Pick<Measurement, 'system' | 'set'>;
type Claim = Claimed['set']['claims'][number];

const nodes = nodeNames(conditions.nodeCount);

/** Markdown. The test of the committed page looks at these rows. */
export const claimsTable = (all: readonly Claimed[]): readonly string[] =>
  table([
    ['system', 'options', 'promises', 'assumes', `serves while so many of ${nodes.length} nodes are well`],
    ...all.map(({ system, set: { title, claims } }) => [
      system,
      `\`${title}\``,
      eachOf(claims, ({ model, operations }) => `${model} (${operations.join(', ')})`),
      eachOf(claims, assumption),
      eachOf(claims, fewestNodes),
    ]),
  ]);

const eachOf = (claims: readonly Claim[], text: (claim: Claim) => string): string =>
  claims.length === 0 ? 'nothing' : claims.map(text).join('; ');

function assumption({ assumes: { maxDrift, maxDown, noCrash } }: Claim): string {
  const words = [
    ...(maxDrift === undefined ? [] : [`clocks drift by ${Number((maxDrift * 100).toPrecision(3))}% at most`]),
    ...(maxDown === undefined ? [] : [`${maxDown} nodes are away at most`]),
    ...(noCrash === true ? ['no node crashes'] : []),
  ];
  return words.length === 0 ? 'nothing' : words.join(', ');
}

/** By function, the smallest number of nodes with which it must succeed: `read 3, write 5`. */
export function fewestNodes(claim: Claim): string {
  const fewest = claim.operations.map((f) => {
    const count = nodes.findIndex((_, index) => claim.live(nodes.slice(0, index + 1), nodes).includes(f)) + 1;
    return { f, count: count === 0 ? 'never' : String(count) };
  });
  const [first] = fewest;
  if (first !== undefined && fewest.every(({ count }) => count === first.count)) return first.count;
  return fewest.map(({ f, count }) => `${f} ${count}`).join(', ');
}
