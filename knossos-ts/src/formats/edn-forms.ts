/** The data of EDN that JavaScript has no counterpart for. What has one is that: nil, booleans, numbers, texts, lists. */

/** `:name`, without the colon. */
export class Keyword {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class EdnMap {
  readonly entries: readonly (readonly [Edn, Edn])[];
  /** Where it begins. */
  readonly line: number;

  constructor(entries: readonly (readonly [Edn, Edn])[], line: number) {
    this.entries = entries;
    this.line = line;
  }

  /** The value under the keyword; undefined when there is none. */
  get(name: string): Edn | undefined {
    return this.entries.find(([key]) => key instanceof Keyword && key.name === name)?.[1];
  }
}

export class EdnSet {
  readonly items: readonly Edn[];

  constructor(items: readonly Edn[]) {
    this.items = items;
  }
}

/** `#tag form`. */
export class Tagged {
  readonly tag: string;
  readonly form: Edn;

  constructor(tag: string, form: Edn) {
    this.tag = tag;
    this.form = form;
  }
}

export type LiteralKind = 'symbol' | 'char' | 'ratio' | 'decimal' | '#';

/** What is known by how it is written: a symbol, a character, a ratio, a decimal of many digits, `##Inf` and the like. */
export class Literal {
  readonly kind: LiteralKind;
  /** The character itself; all others as they are written, without `M` and `##`. */
  readonly text: string;

  constructor(kind: LiteralKind, text: string) {
    this.kind = kind;
    this.text = text;
  }
}

/** Whole numbers beyond Number.MAX_SAFE_INTEGER are bigints; with a point or an exponent they are numbers. */
export type Edn =
  | null
  | boolean
  | number
  | bigint
  | string
  | Keyword
  | EdnMap
  | EdnSet
  | Tagged
  | Literal
  | readonly Edn[];
