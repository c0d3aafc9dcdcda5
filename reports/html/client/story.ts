import type { Scene } from '../scene.ts';
import type { PageElement, PageWindow } from './dom.ts';
import type { Hint, LaneDrawing } from './lane-drawing.ts';
import type { LaneGeometry, Spacing } from './lane-geometry.ts';

interface StoryData {
  readonly scene: Scene;
  /** One per card, in order; the last is the one that cannot be taken. */
  readonly steps: readonly { readonly operations: readonly number[]; readonly told: string }[];
}

/** What the classes of the page script need of each other: each stands alone in the page. */
export interface PageParts {
  readonly LaneGeometry: typeof LaneGeometry;
  readonly LaneDrawing: typeof LaneDrawing;
}

/** One counterexample: steps through its order, and keeps sentence, lanes and reasons pointing at each other. */
export class Story {
  readonly #root: PageElement;
  readonly #data: StoryData;
  readonly #drawing: LaneDrawing;
  #step: number;
  #spacing: Spacing = 'real';
  #all = false;

  constructor(page: PageWindow, root: PageElement, parts: PageParts, hint: Hint) {
    this.#root = root;
    this.#data = JSON.parse(root.querySelector('[data-scene]')?.textContent ?? 'null') as StoryData;
    const host = root.querySelector('[data-lanes]') as PageElement;
    this.#drawing = new parts.LaneDrawing(
      page.document,
      host,
      this.#data.scene,
      parts.LaneGeometry,
      (element, lines) => {
        hint(element, lines);
        this.#links(element);
      },
    );
    this.#step = this.#data.steps.length;
    for (const controls of root.querySelectorAll('[data-scripted]')) controls.hidden = false;
    for (const linked of root.querySelectorAll('.sayings [tabindex]')) this.#links(linked);
    for (const token of root.querySelectorAll('.token')) this.#explains(token, hint);
    this.#listen();
    this.#showStep();
  }

  draw(): void {
    const places = new Map<number, number>();
    const waiting = new Set<number>();
    for (const [index, { operations }] of this.#data.steps.entries()) {
      for (const operation of operations) {
        if (index >= this.#step) waiting.add(operation);
        places.set(operation, places.size + 1);
      }
    }
    this.#drawing.draw({ spacing: this.#spacing, all: this.#all, places, waiting });
  }

  #explains(token: PageElement, hint: Hint): void {
    const bar = this.#data.scene.bars.find(({ id }) => String(id) === token.dataset['operation']);
    if (bar !== undefined) hint(token, bar.lines);
  }

  #listen(): void {
    for (const button of this.#root.querySelectorAll('[data-walk]')) {
      const by = button.dataset['walk'];
      button.addEventListener('click', () => this.#go(by === 'end' ? Infinity : this.#step + Number(by)));
    }
    for (const button of this.#root.querySelectorAll('[data-spacing]')) {
      button.addEventListener('click', () => {
        this.#spacing = button.dataset['spacing'] === 'even' ? 'even' : 'real';
        for (const other of this.#root.querySelectorAll('[data-spacing]')) {
          other.setAttribute('aria-pressed', String(other === button));
        }
        this.draw();
      });
    }
    const more = this.#root.querySelector('[data-more]');
    const fewer = more?.textContent ?? '';
    more?.addEventListener('click', () => {
      this.#all = !this.#all;
      more.setAttribute('aria-pressed', String(this.#all));
      more.textContent = this.#all ? 'Show fewer others' : fewer;
      this.draw();
    });
    this.#root.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key ?? ''];
      if (by === undefined) return;
      event.preventDefault();
      this.#go(this.#step + by);
    });
  }

  #go(step: number): void {
    this.#step = Math.max(0, Math.min(this.#data.steps.length, step));
    this.#showStep();
    this.draw();
  }

  #showStep(): void {
    const { steps } = this.#data;
    let index = 0;
    for (const card of this.#root.querySelectorAll('[data-step]')) {
      card.classList.toggle('done', index < this.#step);
      card.classList.toggle('now', index === this.#step - 1);
      index++;
    }
    for (const button of this.#root.querySelectorAll('[data-walk]')) {
      // Not `disabled`: a disabled button would lose the focus, and with it the arrow keys.
      const end = button.dataset['walk'] === '-1' ? 0 : steps.length;
      button.setAttribute('aria-disabled', String(this.#step === end));
    }
    const told = this.#root.querySelector('[data-told]');
    if (told !== null) told.textContent = steps[this.#step - 1]?.told ?? 'Nothing has taken effect yet.';
  }

  /** While the element is pointed at or has the focus, what belongs to it is lit. */
  #links(element: PageElement): void {
    const { operation, before, after } = element.dataset;
    const light = (on: boolean): void => {
      for (const other of this.#root.querySelectorAll('[data-operation], .arrow, .forced > li')) {
        const its = other.dataset;
        const same =
          operation === undefined
            ? its['before'] === before && its['after'] === after && before !== undefined
            : its['operation'] === operation;
        other.classList.toggle('lit', on && same);
      }
    };
    for (const type of ['pointerenter', 'focus']) element.addEventListener(type, () => light(true));
    for (const type of ['pointerleave', 'blur']) element.addEventListener(type, () => light(false));
  }
}
