import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { page as reportPage } from '../../reports/html/page.ts';
import { hostile } from '../../reports/testing/hostile.ts';
import { type Fixture, fixtures, violated } from '../../reports/testing/runs.ts';
import { Browser, type Visit, executable } from './chromium.ts';
import { lowContrast } from './contrast.ts';

// oxlint-disable-next-line no-console
if (executable === null) console.log('Skipped: the page of a run is not opened, because no chromium is on the PATH.');

const all: { readonly [name: string]: () => Fixture } = { ...fixtures, hostile };
const names = Object.keys(all);
let browser: Browser;
let folder: string;

const open = (name: string, query = ''): Promise<Visit> =>
  browser.visit(`${pathToFileURL(join(folder, `${name}.html`)).href}${query}`);

describe.skipIf(executable === null)('the page of a run, opened from disk', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'harness-report-'));
    for (const [name, make] of Object.entries(all)) {
      const { run, history } = make();
      await writeFile(join(folder, `${name}.html`), reportPage(run, history));
    }
    browser = await Browser.launch(executable ?? '');
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  test.each(names)('%s: asks for nothing and complains about nothing', async (name) => {
    const { page, complaints, requests } = await open(name);
    await page.locator('body').click({ position: { x: 5, y: 5 } });
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    await page.close();
  });

  test('hostile values do not run, neither on load nor when everything is touched', async () => {
    const { page, complaints } = await open('hostile');
    for (const element of await page.locator('[tabindex="0"], button, a').all()) await element.focus();
    await page.locator('[data-more]').first().click();
    await page.locator('[data-spacing=even]').first().click();
    expect(await page.evaluate('globalThis.hostile')).toBeUndefined();
    expect(await page.locator('img, iframe, object, [onerror], [onload], [onfocus]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('were a value taken as HTML after all, the policy would not let it run nor call home', async () => {
    const { page, complaints } = await open('valid');
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x" onerror="globalThis.hostile=1"><b id="last"></b>')`,
    );
    await expect.poll(() => complaints.length).toBeGreaterThan(0);
    expect(complaints.join('\n')).toContain('Content Security Policy');
    expect(await page.evaluate('globalThis.hostile')).toBeUndefined();
    await page.close();
  });

  describe('the counterexample', () => {
    const cards = (page: Visit['page']): Promise<string[]> =>
      page.locator('article:visible [data-step].done').allInnerTexts();
    const told = (page: Visit['page']): Promise<string> => page.locator('article:visible [data-told]').innerText();

    test('is drawn: a lane for each process, the impossible operation with a cross, arrows, the fault behind', async () => {
      const { page } = await open('violated');
      const lanes = page.locator('article:visible [data-lanes]');
      expect(await lanes.locator('[data-story-lane=yes]').allTextContents()).toEqual([
        'process 1',
        'process 3',
        'process 7',
      ]);
      expect(await lanes.locator('.bar.impossible .cross').count()).toBe(1);
      expect(await lanes.locator('.arrow').count()).toBe(3);
      expect(await lanes.locator('.band text').allTextContents()).toEqual([
        'partition n1 (primary) n2 | n3 n4 n5 · until 28.10 s',
      ]);
      await page.close();
    });

    test('is walked by the arrow keys, wherever in it the focus is', async () => {
      const { page } = await open('violated');
      expect(await told(page)).toBe('Stuck: the value is 42 here, and the read saw 41.');
      // From a button.
      await page.locator('article:visible [data-walk="-1"]').focus();
      await page.keyboard.press('ArrowLeft');
      expect(await told(page)).toBe('Process 3: write 42. Then key 17 holds 42.');
      expect((await cards(page)).length).toBe(2);
      // From a bar, which is drawn anew at each step.
      await page.locator('article:visible .bar.story').first().focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      expect(await told(page)).toBe('Nothing has taken effect yet.');
      expect(await page.locator('article:visible .bar.waits').count()).toBe(3);
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowRight');
      expect(await told(page)).toBe('Process 1: write 41. Then key 17 holds 41.');
      expect(await page.locator('article:visible text.place').allTextContents()).toEqual(['1']);
      await page.keyboard.press('End');
      expect((await cards(page)).length).toBe(3);
      await page.close();
    });

    test('Even moves the bars and says that it is not to scale; Real time moves them back', async () => {
      const { page } = await open('violated');
      const lefts = (): Promise<(string | null)[]> =>
        page
          .locator('article:visible .bar > rect')
          .all()
          .then((bars) => Promise.all(bars.map((bar) => bar.getAttribute('x'))));
      const real = await lefts();
      await page.locator('article:visible [data-spacing=even]').click();
      const even = await lefts();
      expect(even).not.toEqual(real);
      expect(await page.locator('article:visible [data-lanes]').textContent()).toContain('not to scale');
      await page.locator('article:visible [data-spacing=real]').click();
      expect(await lefts()).toEqual(real);
      await page.close();
    });

    test('lights the bar of a value that has the focus, and explains it', async () => {
      const { page } = await open('violated');
      await page.locator('article:visible .token').first().focus();
      expect(await page.locator('article:visible .bar.lit').getAttribute('class')).toContain('impossible');
      expect(await page.locator('#hint').innerText()).toContain('process 7 at n1: read 41');
      await page.locator('article:visible .forced li').nth(1).focus();
      expect(await page.locator('article:visible .arrow.lit').getAttribute('aria-label')).toContain(
        'Process 3 finished',
      );
      await page.close();
    });

    test('of another key can be chosen', async () => {
      const { page } = await open('violated');
      await page.locator('[data-choose]').selectOption('1');
      expect(await page.locator('article:visible .say').innerText()).toMatch(/^Process 9 read/);
      expect(await page.locator('article:visible .bar.impossible').count()).toBe(1);
      await page.close();
    });

    test('shows a few others first, and all of them when asked', async () => {
      const { page } = await open('violated');
      const others = page.locator('article:visible .bar.other');
      const few = await others.count();
      await page.locator('article:visible [data-more]').click();
      expect([few, await others.count()]).toEqual([8, 17]);
      await page.close();
    });
  });

  describe.each(['light', 'dark'])('with the theme %s', (theme) => {
    test('is in that theme', async () => {
      const { page } = await open('violated', `?theme=${theme}`);
      const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(background).toBe(theme === 'light' ? 'rgb(251, 251, 250)' : 'rgb(13, 14, 16)');
      await page.close();
    });

    test.each(names)('%s: every text can be told from what is behind it', async (name) => {
      const { page } = await open(name, `?theme=${theme}`);
      expect(await page.evaluate(lowContrast)).toEqual([]);
      await page.close();
    });
  });

  test.each(names)('%s: nothing is wider than the window, however narrow', async (name) => {
    const { page } = await open(name);
    const widths: number[] = [1280, 1000, 720, 360];
    const found: unknown[] = [];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      found.push(await page.evaluate('document.documentElement.scrollWidth'));
    }
    expect(found).toEqual(widths);
    await page.close();
  });

  test.each(names)('%s: on paper nothing is wider than the sheet, and the controls are gone', async (name) => {
    const { page } = await open(name, '?theme=dark');
    await page.emulateMedia({ media: 'print' });
    // A4 less its margins, at 96 pixels to the inch.
    await page.setViewportSize({ width: 703, height: 1000 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
      true,
    );
    expect(await page.locator('button:visible, select:visible, header:visible').count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  test('the command is copied, or selected where the browser does not let it be copied', async () => {
    const { page } = await open('violated');
    await page.locator('[data-copy]').click();
    await expect.poll(() => page.locator('[data-copy]').innerText()).toMatch(/^(?:Copied|Selected)$/);
    expect(await page.locator('.command code').innerText()).toBe(violated().run.command);
    await page.close();
  });
});
