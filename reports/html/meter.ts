/** A bar that shows how much of a whole a part is. What it shows is said in words beside it. */
import { type Markup, html } from './markup.ts';

const meterWidth = 60;

export const meter = (part: number, whole: number): Markup =>
  html`<svg class="meter" viewBox="0 0 ${meterWidth} 6" aria-hidden="true">
    <rect class="track" width="${meterWidth}" height="6" rx="3" />
    <rect class="part" width="${whole === 0 ? 0 : Math.round((meterWidth * part) / whole)}" height="6" rx="3" />
  </svg>`;
