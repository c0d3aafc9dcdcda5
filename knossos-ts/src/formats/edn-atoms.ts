/** The atoms of EDN: numbers of every kind, keywords, symbols, characters. */
import { Keyword, Literal, type Edn } from './edn-forms.ts';

/** Undefined when the token is none. Whole numbers are exact, whatever their size. */
export function atom(token: string): Edn | undefined {
  if (token === 'nil') return null;
  if (token === 'true' || token === 'false') return token === 'true';
  if (/^[+-]?\d/.test(token)) return number(token);
  if (token.startsWith(':')) return token.length > 1 ? new Keyword(token.slice(1)) : undefined;
  return new Literal('symbol', token);
}

function number(token: string): Edn | undefined {
  if (token.length <= 15 && /^(0|[1-9]\d*)$/.test(token)) return Number(token);
  if (/^[+-]?(0|[1-9]\d*)N?$/.test(token)) return whole(BigInt(token.replace(/^\+|N$/g, '')));
  if (/^[+-]?\d+\/\d+$/.test(token)) return ratio(token);
  if (!/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token) || /^[+-]?\d+M?$/.test(token)) return octalOrDecimal(token);
  return token.endsWith('M') ? decimal(token.slice(0, -1)) : Number(token);
}

const whole = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** Whole decimals; what begins with a zero would be octal to Clojure, and is refused. */
const octalOrDecimal = (token: string): Edn | undefined =>
  /^[+-]?(0|[1-9]\d*)M$/.test(token) ? decimal(token.slice(0, -1)) : undefined;

/** A number where that is the same value; otherwise what is written. */
function decimal(digits: string): Edn {
  const value = Number(digits);
  const significant = digits
    .replace(/[eE].*$/, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+|0+$/g, '').length;
  return Number.isFinite(value) && significant <= 15 ? value : new Literal('decimal', digits);
}

function ratio(token: string): Edn | undefined {
  const [above, below] = token.split('/').map((part) => BigInt(part.replace(/^\+/, ''))) as [bigint, bigint];
  if (below === 0n) return undefined;
  const divisor = greatestCommon(above < 0n ? -above : above, below);
  return below === divisor ? whole(above / below) : new Literal('ratio', `${above / divisor}/${below / divisor}`);
}

function greatestCommon(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** After the backslash of a text. */
export const escapes: { readonly [char: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
};

export const namedCharacters: { readonly [name: string]: string } = {
  newline: '\n',
  space: ' ',
  tab: '\t',
  return: '\r',
  backspace: '\b',
  formfeed: '\f',
};

/** What stands after the backslash of a character; undefined when there is none of that name. */
export function character(name: string): Literal | undefined {
  const named = namedCharacters[name];
  if (named !== undefined) return new Literal('char', named);
  if (/^u[0-9a-fA-F]{4}$/.test(name))
    return new Literal('char', String.fromCharCode(Number.parseInt(name.slice(1), 16)));
  return /^[^]$/u.test(name) ? new Literal('char', name) : undefined;
}
