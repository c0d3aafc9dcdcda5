import type { Arrow, Band, Bar, Scene } from '../scene.ts';

export type Spacing = 'real' | 'even';

/** A bar in pixels; `widened` where it would have been too narrow to see. */
export interface PlacedBar {
  readonly bar: Bar;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly widened: boolean;
}

/** A way of right angles with round corners, and where its tip and its words are. */
export interface PlacedArrow {
  readonly path: string;
  readonly tip: string;
  readonly labelAt: readonly [x: number, y: number] | null;
}

export interface PlacedBand {
  readonly left: number;
  readonly right: number;
  readonly labelAt: readonly [x: number, y: number];
  readonly labelEnds: boolean;
}

/**
 * Where things are, in pixels: a pure reckoning. The class stands alone, because its source is embedded into the page
 * (page-script.ts): it must not use anything of this module but itself.
 */
export class LaneGeometry {
  readonly scene: Scene;
  readonly spacing: Spacing;
  readonly narrow: boolean;
  readonly width: number;
  readonly gutter: number;
  readonly right: number;
  readonly top: number;
  /** How many lanes there are room for: those of the story and some or all of the others. */
  readonly laneCount: number;
  readonly bars: readonly PlacedBar[];
  readonly bands: readonly PlacedBand[];
  readonly bottom: number;
  readonly height: number;
  readonly barHeight = 18;
  readonly characterWidth = 7.3;

  constructor(scene: Scene, width: number, spacing: Spacing, all: boolean) {
    this.scene = scene;
    this.spacing = spacing;
    this.width = width;
    this.narrow = width < 620;
    this.gutter = this.narrow ? 16 : 184;
    this.right = this.#roomForWords();
    this.laneCount = all ? scene.lanes.length : scene.storyLanes + scene.fewLanes;
    const rows = this.#bandRows();
    this.top = 18 + 18 * Math.max(1, rows.count);
    this.bands = scene.bands.map((band, index) => this.#band(band, rows.rowOf[index] ?? 0));
    this.bars = this.#placeBars();
    this.bottom = this.laneTop(this.laneCount) + 8;
    this.height = this.bottom + 26;
  }

  x(seconds: number, rank: number): number {
    const room = this.width - this.gutter - this.right;
    const { from, to, ranks } = this.scene;
    const share = this.spacing === 'real' ? (seconds - from) / (to - from || 1) : (rank + 0.5) / ranks;
    return this.gutter + share * room;
  }

  /** The upper edge of a lane. Lanes of others are lower than those of the story, and come after a heading. */
  laneTop(lane: number): number {
    const { storyLanes } = this.scene;
    const [high, low] = this.narrow ? [64, 52] : [56, 44];
    const others = Math.max(0, lane - storyLanes);
    return this.top + Math.min(lane, storyLanes) * high + (others > 0 ? 26 : 0) + others * low;
  }

  barTop(lane: number): number {
    const low = lane >= this.scene.storyLanes;
    const start = lane === this.scene.storyLanes ? this.laneTop(lane) + 26 : this.laneTop(lane);
    return start + (this.narrow ? 30 : low ? 14 : 22);
  }

  /** Behind the last bar, which is the impossible one more often than not. */
  #roomForWords(): number {
    const label = this.scene.bars.find(({ look }) => look === 'impossible')?.label ?? '';
    if (this.narrow) return Math.min(120, Math.max(70, label.length * this.characterWidth + 30));
    return Math.min(300, Math.max(150, (label.length + ' impossible'.length) * this.characterWidth + 44));
  }

  #placeBars(): readonly PlacedBar[] {
    const shown = this.scene.bars.filter(({ lane }) => lane < this.laneCount);
    return shown.map((bar): PlacedBar => {
      const left = this.x(bar.from, bar.rankFrom);
      const real = bar.open ? this.width - 2 : this.x(bar.to, bar.rankTo);
      const next = shown
        .filter((other) => other.lane === bar.lane && other.from > bar.from)
        .reduce((nearest, other) => Math.min(nearest, this.x(other.from, other.rankFrom)), Infinity);
      const least = Math.max(4, Math.min(14, next - left - 2));
      const right = Math.max(Math.min(real, Math.max(next - 2, left + 4)), left + least);
      return { bar, left, right, top: this.barTop(bar.lane), widened: right > real };
    });
  }

  /** How much room there is for words behind a bar, before the next one begins. */
  roomBehind({ bar, right }: PlacedBar): number {
    return this.bars
      .filter((other) => other.bar.lane === bar.lane && other.left > right - 1 && other.bar !== bar)
      .reduce((room, other) => Math.min(room, other.left - right), this.width - right);
  }

  #bandRows(): { readonly count: number; readonly rowOf: readonly number[] } {
    const ends: number[] = [];
    const rowOf = this.scene.bands.map((band) => {
      const { labelAt, labelEnds } = this.#band(band, 0);
      const length = band.label.length * this.characterWidth;
      const [from, to] = labelEnds ? [labelAt[0] - length, labelAt[0]] : [labelAt[0], labelAt[0] + length];
      const free = ends.findIndex((end) => end + 12 < from);
      const row = free === -1 ? ends.length : free;
      ends[row] = to;
      return row;
    });
    return { count: ends.length, rowOf };
  }

  #band(band: Band, row: number): PlacedBand {
    const atEnd = band.to >= this.scene.to;
    const left = band.begins ? this.x(band.from, band.rankFrom) : this.gutter;
    const right = atEnd ? this.width : Math.max(this.x(band.to, band.rankTo), left + 2);
    const length = band.label.length * this.characterWidth;
    const labelEnds = left + 10 + length > this.width - 8 && length < this.width - 16;
    const at = labelEnds ? this.width - 8 : Math.min(left + 10, Math.max(8, this.width - 8 - length));
    return { left, right, labelAt: [at, 22 + 18 * row], labelEnds };
  }

  /** Null where one of its ends is not shown. `track` keeps arrows into the same lane apart. */
  arrow({ before, after, label, rule }: Arrow, track: number): PlacedArrow | null {
    const [from, to] = [this.bars[before], this.bars[after]];
    if (from === undefined || to === undefined) return null;
    const middle = this.barHeight / 2;
    const up = to.top < from.top;
    const startX = Math.max(from.left + 3, (rule === 'reads-from' ? from.left + 4 : from.right - 4) - 4 * track);
    if (rule === 'reads-from' || from.top === to.top) return this.#sideways(from, to, startX, middle, up);
    const endX = Math.min(to.right - 3, to.left + 5 + 4 * track);
    const startY = up ? from.top : from.top + this.barHeight;
    const endY = up ? to.top + this.barHeight + 1 : to.top - 1;
    const turnY = up ? endY + 12 + 5 * track : to.top - (this.narrow ? 26 : 20) + 5 * track;
    const room = Math.abs(endX - startX);
    const fits = room > label.length * 6.4 + 14;
    const labelX = endX > startX ? startX + 8 : endX + 8;
    return {
      path: this.#corners(startX, startY, turnY, endX, up ? endY + 6 : endY - 6),
      tip: up ? `M${endX} ${endY}l-4 7h8z` : `M${endX} ${endY}l-4-7h8z`,
      labelAt: fits ? [labelX, turnY - 5] : null,
    };
  }

  /** Into the side of the second bar; along the lane if both are in the same. */
  #sideways(from: PlacedBar, to: PlacedBar, startX: number, middle: number, up: boolean): PlacedArrow {
    const y = to.top + middle;
    if (from.top === to.top) {
      const [start, end] = [Math.min(from.right, to.left), to.left];
      return { path: `M${start} ${y}H${end - 6}`, tip: `M${end - 1} ${y}l-7-4v8z`, labelAt: null };
    }
    const edge = up ? from.top : from.top + this.barHeight;
    const bend = up ? y + 6 : y - 6;
    const end = to.left - 1;
    if (end - startX < 14)
      return { path: `M${startX} ${edge}V${up ? to.top + this.barHeight : to.top}`, tip: '', labelAt: null };
    return {
      path: `M${startX} ${edge}V${bend}Q${startX} ${y} ${startX + 6} ${y}H${end - 6}`,
      tip: `M${end} ${y}l-7-4v8z`,
      labelAt: null,
    };
  }

  #corners(x1: number, y1: number, turn: number, x2: number, y2: number): string {
    const side = x2 > x1 ? 1 : -1;
    const r = Math.min(6, Math.abs(x2 - x1) / 2, Math.abs(turn - y1) / 2, Math.abs(y2 - turn) / 2);
    const [one, two] = [turn > y1 ? -r : r, y2 > turn ? r : -r];
    return `M${x1} ${y1}V${turn + one}Q${x1} ${turn} ${x1 + side * r} ${turn}H${x2 - side * r}Q${x2} ${turn} ${x2} ${turn + two}V${y2}`;
  }

  /** The instants that the axis names, in seconds, and the decimals that tell them apart. */
  ticks(): { readonly at: readonly number[]; readonly decimals: number } {
    const { from, to } = this.scene;
    const room = this.width - this.gutter;
    const least = ((to - from) * (this.narrow ? 84 : 76)) / (room - this.right);
    const power = 10 ** Math.floor(Math.log10(least));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? 10 * power;
    const at: number[] = [];
    for (let n = Math.ceil(from / step); at.length < 30 && n * step <= to; n++) at.push(n * step);
    return { at, decimals: Math.max(1, Math.min(9, -Math.floor(Math.log10(step) + 1e-9))) };
  }
}
