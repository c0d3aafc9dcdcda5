import { expect, test } from 'vitest';
import { faultClass } from './marks.ts';
import { signsStyle } from './style/signs.ts';

const kinds = ['partition', 'kill', 'pause', 'clock', 'packets', 'disk', 'membership'];

/** What the style sheet says of a selector, without spaces. */
const ruleOf = (selector: string): string =>
  new RegExp(`(?<![\\w.-])${selector.replaceAll('.', String.raw`\.`)} \\{([^}]*)\\}`)
    .exec(signsStyle)?.[1]
    ?.replaceAll(/\s+/g, '') ?? '';

test('every kind of fault has a class of its own, and a kind that is not known has one, too', () => {
  expect(kinds.map(faultClass)).toEqual(kinds.map((kind) => `k-${kind}`));
  expect(faultClass('meteor')).toBe('k-other');
});

test('every kind of fault has a colour, and no two swatches look the same', () => {
  const looks = kinds.map((kind) => [ruleOf(`.k-${kind}`), ruleOf(`.swatch.k-${kind}`)].join(' '));
  for (const look of looks) expect(look).toMatch(/^--c:var\(--[\w-]+\);/);
  expect(new Set(looks).size).toBe(kinds.length);
  expect(signsStyle).not.toMatch(/\.k-[\w-]+ \{\s*--c: var\(--bad/);
});
