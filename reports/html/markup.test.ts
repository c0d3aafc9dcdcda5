import { describe, expect, test } from 'vitest';
import { attacks } from '../testing/hostile.ts';
import { dataElement, escapeText, html, scriptElement, styleElement } from './markup.ts';

describe('html', () => {
  test('escapes every text that is put into it, in elements and in attributes', () => {
    const attack = `<b title="x" id='y'>&\``;
    expect(html`<i title="${attack}">${attack}</i>`.toString()).toBe(
      '<i title="&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&#96;">&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&#96;</i>',
    );
  });

  test('keeps what it made itself, joins lists, and leaves null and false out', () => {
    const items = ['a', '<'].map((item) => html`<b>${item}</b>`);
    expect(html`<i>${items}${null}${false}${0}</i>`.toString()).toBe('<i><b>a</b><b>&lt;</b>0</i>');
  });

  test('cuts long texts and says so', () => {
    const text = escapeText('<'.repeat(1_000_000));
    expect(text.endsWith('… (998,000 characters more)')).toBe(true);
    expect(text.length).toBeLessThan(10_000);
  });

  test('keeps lines, and shows other invisible characters', () => {
    expect(escapeText('a\n\tb\u2028c\u202ed\u0000')).toBe('a\n\tb\\u2028c\\u202ed\\u0000');
  });
});

test('data cannot end its script element, and is read back as it was', () => {
  const [, opening, data, closing] =
    /^(<script .*?>)(.*)(<\/script>)$/s.exec(dataElement('data-x', attacks).toString()) ?? [];
  expect([opening, closing]).toEqual(['<script type="application/json" data-x>', '</script>']);
  expect(data).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(data ?? '')).toEqual(attacks);
});

describe('an asset', () => {
  test('is embedded as it is, so that its hash holds', () => {
    expect(scriptElement('1 < 2 && "a"').toString()).toBe('<script>1 < 2 && "a"</script>');
    expect(styleElement('a > b {}').toString()).toBe('<style>a > b {}</style>');
  });

  test('that would end its element early is refused', () => {
    expect(() => scriptElement('const a = "</script>"')).toThrow('An embedded asset would end its element early');
  });
});
