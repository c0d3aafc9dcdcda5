/**
 * The one place where text becomes HTML. The tag `html` escapes whatever is put into it, unless that was made by
 * `html` itself; so to forget about escaping is to escape. Long texts are cut, which bounds the page whatever a system
 * under test may return. The only other ways
 * to make markup are those for our own stylesheet and script and for JSON data.
 */
import { clip, printable } from '../wording.ts';

/** A piece of HTML that is safe to put into an element or a double-quoted attribute, as `html` made it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Content = Markup | string | number | null | false | readonly Content[];

const longestText = 2000;

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Keeps line ends and tabs, shows all other invisible characters as code points. */
export const escapeText = (text: string): string =>
  clip(text, longestText)
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : printable(part)))
    .join('')
    .replace(/[&<>"'`]/g, (character) => entities[character] as string);

/** `null` and `false` leave no trace, lists are joined. Attribute values have to stand in double quotes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + textOf(contents[index - 1] ?? null) + string));
}

function textOf(content: Content): string {
  if (content === null || content === false) return '';
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escapeText(content);
  return content instanceof Markup ? content.toString() : content.map(textOf).join('');
}

/** The stylesheet of the page: a constant of this package, never a value of a run. Nothing is added to it, so that its hash holds. */
export const styleElement = (stylesheet: string): Markup => new Markup(`<style>${asset(stylesheet)}</style>`);

/** The script of the page; as for the stylesheet. */
export const scriptElement = (script: string): Markup => new Markup(`<script>${asset(script)}</script>`);

function asset(text: string): string {
  if (/<\/|<!--|<script/i.test(text)) throw new Error('An embedded asset would end its element early');
  return text;
}

/** Data for the page script, found by its attribute. */
export function dataElement(attribute: string, data: unknown): Markup {
  const text = JSON.stringify(data, (_, part: unknown) => (typeof part === 'string' ? clip(part, longestText) : part));
  const escaped = text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Markup(`<script type="application/json" ${attribute}>${escaped}</script>`);
}
