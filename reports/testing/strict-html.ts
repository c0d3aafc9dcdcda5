/**
 * Reads a page far more strictly than a browser does: every `<` must begin a tag that our own templates write, with
 * attributes in double quotes, and all elements must be closed. So whatever came from a value and was not escaped is
 * an error.
 */
export interface StrictElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The text directly inside it; unescaped for all but script and style. */
  text: string;
  readonly children: StrictElement[];
}

const voids: ReadonlySet<string> = new Set(['meta', 'link']);
const raw: ReadonlySet<string> = new Set(['script', 'style']);
const tag = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y;
const attribute = /([a-zA-Z-]+)(?:="([^"<>]*)")?/g;

/** @throws on anything that is not plainly ours. */
export function parseStrictly(page: string): StrictElement {
  const doctype = '<!doctype html>\n';
  if (!page.startsWith(doctype)) throw new Error('No doctype');
  const root: StrictElement = { name: 'document', attributes: new Map(), text: '', children: [] };
  const open = [root];
  for (let at = doctype.length; at < page.length;) {
    const inside = open.at(-1) as StrictElement;
    const next = raw.has(inside.name) ? page.indexOf(`</${inside.name}`, at) : page.indexOf('<', at);
    const text = page.slice(at, next === -1 ? page.length : next);
    inside.text += raw.has(inside.name) ? text : unescaped(text);
    if (next === -1) break;
    tag.lastIndex = next;
    const [whole, closing, name = '', attributes = '', self] = tag.exec(page) ?? [];
    if (whole === undefined) throw new Error(`Not a tag of ours: ${page.slice(next, next + 80)}`);
    at = next + whole.length;
    if (closing === '/') {
      const closed = open.pop();
      if (closed?.name !== name) throw new Error(`</${name}> closes <${closed?.name}>: ${page.slice(next - 200, at)}`);
      continue;
    }
    const pairs = [...attributes.matchAll(attribute)].map(([, key = '', value = '']): [string, string] => [
      key,
      unescaped(value),
    ]);
    const element: StrictElement = { name, attributes: new Map(pairs), text: '', children: [] };
    inside.children.push(element);
    if (self !== '/' && !voids.has(name)) open.push(element);
  }
  if (open.length !== 1) throw new Error(`Never closed: ${open.map(({ name }) => name).join(' > ')}`);
  return root;
}

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };

function unescaped(text: string): string {
  if (/[>"]/.test(text)) throw new Error(`Not escaped: ${text.slice(0, 80)}`);
  return text.replace(/&([^;\s]*;?)/g, (entity, name: string) => {
    const character = entities[name.slice(0, -1)];
    if (character === undefined || !name.endsWith(';')) throw new Error(`An ampersand that is not escaped: ${entity}`);
    return character;
  });
}

export const elements = (root: StrictElement): readonly StrictElement[] => [root, ...root.children.flatMap(elements)];

export const textOf = (element: StrictElement): string =>
  [element.text, ...element.children.map(textOf)].join(' ').replaceAll(/\s+/g, ' ').trim();

/** All elements of a name and a class. */
export const byClass = (root: StrictElement, name: string, className: string): readonly StrictElement[] =>
  elements(root).filter(
    (one) => one.name === name && (one.attributes.get('class') ?? '').split(' ').includes(className),
  );
