import type { Bar, Scene } from '../scene.ts';
import type { PageDocument, PageElement } from './dom.ts';
import type { LaneGeometry, PlacedArrow, PlacedBar, Spacing } from './lane-geometry.ts';

export interface LaneView {
  readonly spacing: Spacing;
  /** Whether all lanes of others are shown, or a few. */
  readonly all: boolean;
  /** By operation: its place in the order, once it was placed. */
  readonly places: ReadonlyMap<number, number>;
  /** Operations of the story that are not placed yet. */
  readonly waiting: ReadonlySet<number>;
}

/** Shows the lines beside the element while it is pointed at or has the focus. */
export type Hint = (element: PageElement, lines: readonly string[]) => void;

type Attributes = { readonly [name: string]: string | number };

/**
 * Draws the lanes as SVG. All text goes through textContent. The class stands alone, because its source is embedded
 * into the page (page-script.ts): the geometry is handed in, and it must not use anything of this module but itself.
 */
export class LaneDrawing {
  readonly #document: PageDocument;
  readonly #host: PageElement;
  readonly #scene: Scene;
  readonly #Geometry: typeof LaneGeometry;
  readonly #hint: Hint;

  constructor(document: PageDocument, host: PageElement, scene: Scene, Geometry: typeof LaneGeometry, hint: Hint) {
    this.#document = document;
    this.#host = host;
    this.#scene = scene;
    this.#Geometry = Geometry;
    this.#hint = hint;
  }

  draw(view: LaneView): void {
    const width = this.#host.clientWidth;
    if (width === 0) return;
    const geometry = new this.#Geometry(this.#scene, width, view.spacing, view.all);
    const { height } = geometry;
    const picture = this.#element('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group' });
    picture.setAttribute('aria-label', this.#scene.title);
    this.#drawBands(picture, geometry);
    this.#drawLanes(picture, geometry);
    this.#drawArrows(picture, geometry);
    for (const bar of geometry.bars) picture.append(this.#bar(bar, geometry, view));
    this.#drawAxis(picture, geometry);
    this.#replace(picture);
  }

  /** The focus stays with the operation or the arrow that had it, so that the keyboard can go on. */
  #replace(picture: PageElement): void {
    const { operation, before, after } = this.#host.querySelector(':focus')?.dataset ?? {};
    this.#host.replaceChildren(picture);
    if (operation !== undefined) this.#host.querySelector(`[data-operation="${operation}"]`)?.focus();
    else if (before !== undefined) {
      this.#host.querySelector(`[data-before="${before}"][data-after="${after}"]`)?.focus();
    }
  }

  #element(name: string, attributes: Attributes, text = ''): PageElement {
    const element = this.#document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
    if (text !== '') element.textContent = text;
    return element;
  }

  #drawBands(picture: PageElement, geometry: LaneGeometry): void {
    for (const [index, { left, right, labelAt, labelEnds }] of geometry.bands.entries()) {
      const { colour, label, begins } = this.#scene.bands[index] ?? { colour: '', label: '', begins: false };
      const height = geometry.bottom - 6;
      const group = this.#element('g', { class: `band ${colour}` });
      group.append(this.#element('rect', { x: left, y: 6, width: Math.max(1, right - left), height }));
      if (begins) group.append(this.#element('line', { x1: left, x2: left, y1: 6, y2: 6 + height }));
      const anchor = labelEnds ? 'end' : 'start';
      group.append(
        this.#element('text', { class: 'halo', x: labelAt[0], y: labelAt[1], 'text-anchor': anchor }, label),
      );
      picture.append(group);
    }
  }

  #drawLanes(picture: PageElement, geometry: LaneGeometry): void {
    const { storyLanes, othersTitle, lanes } = this.#scene;
    const start = geometry.narrow ? 16 : 28;
    for (const [index, lane] of lanes.slice(0, geometry.laneCount).entries()) {
      const top = geometry.laneTop(index);
      const bar = geometry.barTop(index);
      const first = index === storyLanes;
      if (index > 0) {
        const kind = first ? 'rule strong' : 'rule';
        picture.append(this.#element('line', { class: kind, x1: start, x2: geometry.width, y1: top, y2: top }));
      }
      if (first) picture.append(this.#element('text', { class: 'axis halo', x: start, y: top + 17 }, othersTitle));
      const name = this.#element(
        'text',
        { class: 'lane halo', x: start, y: geometry.narrow ? bar - 12 : bar + 7 },
        lane.name,
      );
      name.setAttribute('data-story-lane', index < storyLanes ? 'yes' : 'no');
      if (geometry.narrow) name.append(this.#element('tspan', { class: 'axis', dx: 7 }, lane.more));
      else picture.append(this.#element('text', { class: 'axis halo', x: start, y: bar + 22 }, lane.more));
      picture.append(name);
    }
  }

  #drawArrows(picture: PageElement, geometry: LaneGeometry): void {
    const tracks = new Map<number, number>();
    for (const arrow of this.#scene.arrows) {
      const track = tracks.get(arrow.after) ?? 0;
      const placed = geometry.arrow(arrow, track % 3);
      if (placed === null) continue;
      if (arrow.rule === 'real-time') tracks.set(arrow.after, track + 1);
      const [before, after] = [this.#scene.bars[arrow.before]?.id ?? '', this.#scene.bars[arrow.after]?.id ?? ''];
      const group = this.#element('g', { class: `arrow ${arrow.rule}`, tabindex: 0, role: 'img' });
      group.setAttribute('aria-label', arrow.lines.join('. '));
      group.setAttribute('data-before', String(before));
      group.setAttribute('data-after', String(after));
      group.append(...this.#arrowParts(placed, arrow.label));
      this.#hint(group, arrow.lines);
      picture.append(group);
    }
  }

  #arrowParts({ path, tip, labelAt }: PlacedArrow, label: string): PageElement[] {
    const parts = [this.#element('path', { class: 'hit', d: path }), this.#element('path', { class: 'line', d: path })];
    if (tip !== '') parts.push(this.#element('path', { class: 'tip', d: tip }));
    if (labelAt !== null && label !== '') {
      parts.push(this.#element('text', { class: 'halo', x: labelAt[0], y: labelAt[1] }, label));
    }
    return parts;
  }

  #bar(placed: PlacedBar, geometry: LaneGeometry, view: LaneView): PageElement {
    const { bar, left, right, top, widened } = placed;
    const height = geometry.barHeight;
    const waits = view.waiting.has(bar.id) ? 'waits' : '';
    const unanswered = bar.open ? 'unanswered' : '';
    const group = this.#element('g', {
      class: `bar ${bar.look} ${bar.colour} ${unanswered} ${waits}`,
      tabindex: 0,
      role: 'img',
    });
    group.setAttribute('aria-label', bar.lines.join('. '));
    group.setAttribute('data-operation', String(bar.id));
    group.append(this.#element('rect', { x: left, y: top, width: right - left, height, rx: 4 }));
    const centre = left + Math.min(right - left, 60) / 2;
    if (bar.look === 'impossible') {
      const cross = `M${centre - 3.2} ${top + 5.8}l6.4 6.4m0-6.4l-6.4 6.4`;
      group.append(this.#element('path', { class: 'cross', d: cross }));
    }
    this.#label(group, placed, geometry);
    const number = view.places.get(bar.id);
    const clear = right - left >= 34 || !geometry.narrow;
    if (number !== undefined && bar.look === 'story' && waits === '' && clear) this.#number(group, placed, number);
    this.#hint(group, widened ? [...bar.lines, 'Drawn wider than it was.'] : bar.lines);
    return group;
  }

  /** Inside the bar where it fits, else behind it, else not at all: the hint has it. */
  #label(group: PageElement, placed: PlacedBar, geometry: LaneGeometry): void {
    const { bar, left, right, top } = placed;
    const text = this.#words(bar, geometry);
    const length = text.length * geometry.characterWidth;
    const inside = bar.look !== 'impossible' && right - left > length + 40;
    const room = geometry.roomBehind(placed);
    if (inside) group.append(this.#element('text', { class: 'inside', x: left + 9, y: top + 13 }, text));
    else if (room > length + 8 && !bar.open) {
      group.append(this.#element('text', { class: 'behind halo', x: right + 7, y: top + 13 }, text));
    }
  }

  #words({ label, look, open }: Bar, { narrow }: LaneGeometry): string {
    if (look === 'impossible') return narrow ? label : `${label} impossible`;
    return open ? `${label} ?` : label;
  }

  /** At the right end of the bar, or above it where the bar is too short; arrows come in further left. */
  #number(group: PageElement, { left, right, top }: PlacedBar, number: number): void {
    const inside = right - left >= 34;
    const x = inside ? right - 11 : Math.min(right, left + 14) + 5;
    const y = inside ? top + 9 : top - 8;
    group.append(
      this.#element('circle', { class: 'place', cx: x, cy: y, r: 7 }),
      this.#element('text', { class: 'place', x, y: y + 3.5, 'text-anchor': 'middle' }, String(number)),
    );
  }

  #drawAxis(picture: PageElement, geometry: LaneGeometry): void {
    const { gutter, width, bottom } = geometry;
    picture.append(this.#element('line', { class: 'rule strong', x1: gutter, x2: width, y1: bottom, y2: bottom }));
    if (geometry.spacing === 'even') {
      const words = 'Even spacing: order only, not to scale';
      picture.append(this.#element('text', { class: 'axis', x: gutter, y: bottom + 18 }, words));
      return;
    }
    const { at, decimals } = geometry.ticks();
    for (const seconds of at) {
      const x = geometry.x(seconds, 0);
      const label = `${seconds.toFixed(decimals)} s`;
      picture.append(
        this.#element('line', { class: 'rule strong', x1: x, x2: x, y1: bottom, y2: bottom + 4 }),
        this.#element('text', { class: 'axis', x, y: bottom + 18, 'text-anchor': 'middle' }, label),
      );
    }
  }
}
