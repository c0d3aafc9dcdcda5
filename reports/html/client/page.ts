import type { PageElement, PageWindow } from './dom.ts';
import type { Hint } from './lane-drawing.ts';
import type { PageParts, Story } from './story.ts';

/**
 * Brings the page to life: theme, hints, Copy, the counterexamples. The class stands alone, as do the others whose
 * source is embedded into the page (page-script.ts).
 */
export class Page {
  readonly #page: PageWindow;
  readonly #hint: PageElement | null;

  constructor(page: PageWindow, parts: PageParts & { readonly Story: typeof Story }) {
    this.#page = page;
    this.#hint = page.document.querySelector('#hint');
    this.#theme();
    for (const button of page.document.querySelectorAll('[data-copy]')) this.#copies(button);
    const hint: Hint = (element, lines) => this.#hints(element, lines);
    const roots = [...page.document.querySelectorAll('[data-story]')];
    const stories = roots.map((root) => new parts.Story(page, root, parts, hint));
    const drawAll = (): void => stories.forEach((story) => story.draw());
    drawAll();
    let width = page.innerWidth;
    page.addEventListener('resize', () => {
      if (page.innerWidth === width) return;
      width = page.innerWidth;
      drawAll();
    });
    const choose = page.document.querySelector('[data-choose]');
    const show = (): void => {
      for (const [index, root] of roots.entries()) root.hidden = String(index) !== choose?.value;
      drawAll();
    };
    choose?.addEventListener('change', show);
    // A browser that restores the choice of an earlier visit does not say so.
    if (choose !== null) show();
  }

  /** `?theme=dark` or `?theme=light` overrides the setting of the system. */
  #theme(): void {
    const [, theme] = /[?&]theme=(dark|light)\b/.exec(this.#page.location.search) ?? [];
    if (theme !== undefined) this.#page.document.documentElement.setAttribute('data-theme', theme);
  }

  #copies(button: PageElement): void {
    const source = button.previousElementSibling;
    if (source === null) return;
    const say = (text: string): void => {
      button.textContent = text;
      this.#page.setTimeout(() => (button.textContent = 'Copy'), 1500);
    };
    const select = (): void => {
      this.#page.getSelection()?.selectAllChildren(source);
      say('Selected');
    };
    button.addEventListener('click', () => {
      const copied = this.#page.navigator.clipboard?.writeText(source.textContent ?? '');
      if (copied === undefined) select();
      else copied.then(() => say('Copied'), select);
    });
  }

  #hints(element: PageElement, lines: readonly string[]): void {
    for (const type of ['pointerenter', 'focus']) {
      element.addEventListener(type, () => this.#show(element.getBoundingClientRect(), lines));
    }
    for (const type of ['pointerleave', 'blur']) {
      element.addEventListener(type, () => {
        if (this.#hint !== null) this.#hint.hidden = true;
      });
    }
  }

  #show(at: ReturnType<PageElement['getBoundingClientRect']>, lines: readonly string[]): void {
    const hint = this.#hint;
    if (hint === null) return;
    hint.replaceChildren(
      ...lines.map((line, index) => {
        const element = this.#page.document.createElement(index === 0 ? 'b' : 'span');
        element.textContent = line;
        return element;
      }),
    );
    hint.hidden = false;
    const { width, height } = hint.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left + at.width / 2 - width / 2, this.#page.innerWidth - width - 8));
    const below = at.bottom + 8 + height < this.#page.innerHeight;
    hint.style.setProperty('left', `${left}px`);
    hint.style.setProperty('top', `${below ? at.bottom + 8 : Math.max(8, at.top - height - 8)}px`);
  }
}
