/** The small signs of the page. Colour is never alone: each tone has a shape of its own. */
import { type Markup, html } from './markup.ts';

/** `found` is a planted bug that was found: a broken promise, but no alarm. `quiet` is what nobody promised. */
export type Tone = 'ok' | 'bad' | 'found' | 'open' | 'finding' | 'quiet';

const cross = html`<path d="M2 2l6 6M8 2l-6 6" />`;
const shapes: { readonly [tone in Tone]: Markup } = {
  ok: html`<path d="M1.5 5.5L4 8l4.5-6" />`,
  bad: cross,
  found: cross,
  quiet: cross,
  open: html`<path d="M3 3.4a2 2 0 1 1 2.9 1.7c-.6.3-.9.6-.9 1.2M5 8.6v.1" />`,
  finding: html`<path d="M5 1.6v4.2M5 8.3v.1" />`,
};

/** Decoration: the word beside it says the same. */
export const mark = (tone: Tone): Markup =>
  html`<span class="mark ${tone}" aria-hidden="true"><svg viewBox="0 0 10 10">${shapes[tone]}</svg></span>`;

const swatches: ReadonlySet<string> = new Set(['partition', 'kill', 'pause', 'clock', 'packets', 'disk', 'membership']);

/** The class that gives a fault of this kind its colour and its pattern. */
export const faultClass = (kind: string): string => `k-${swatches.has(kind) ? kind : 'other'}`;

const functions: ReadonlySet<string> = new Set(['read', 'write', 'cas']);

/** The class that gives a function its colour. */
export const functionClass = (f: string): string => `t-${functions.has(f) ? f : 'other'}`;
