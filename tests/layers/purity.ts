/**
 * What a pure room may not name: anything through which time, chance, scheduling or the machine could come in. Names
 * are resolved by the compiler, so a parameter called `process` is fine and `globalThis['Date']` is not. All that Node
 * adds to the language is refused, and of the language itself what is listed here.
 */
import { isIdentifier, isPropertyAccessExpression } from 'typescript/unstable/ast';
import type { Identifier, Node } from 'typescript/unstable/ast';
import { isTest, lineOf, type Program, type Source } from './program.ts';

export const pureRooms: readonly string[] = [
  'systems/',
  'workloads/',
  'nemeses/',
  'src/core/',
  'src/protocol/',
  'src/generators/',
  'src/nemesis/',
];

/** Of the language: clocks, chance, ways around names, shared memory, what the garbage collector decides, locales. */
const refused: ReadonlySet<string> = new Set([
  'Atomics',
  'Date',
  'FinalizationRegistry',
  'Function',
  'Intl',
  'SharedArrayBuffer',
  'WeakRef',
  'eval',
  'globalThis',
  'localeCompare',
  'toLocaleString',
]);

export const isPure = (path: string): boolean => pureRooms.some((room) => path.startsWith(room)) && !isTest(path);

/** `file:line name` for each name in a pure room that reaches outside. */
export function impuritiesIn({ sources, checker }: Pick<Program, 'sources' | 'checker'>): string[] {
  return sources.filter(({ path }) => isPure(path)).flatMap((source) => impuritiesOf(source, checker));
}

function impuritiesOf({ path, tree }: Source, checker: Program['checker']): string[] {
  const names: Identifier[] = [];
  const visit = (node: Node): void => {
    if (isIdentifier(node)) names.push(node);
    node.forEachChild(visit);
  };
  tree.forEachChild(visit);
  const symbols = checker.getSymbolAtLocation(names);
  return names
    .filter((name, index) => isImpure(name, symbols[index]?.declarations.map((declaration) => declaration.path) ?? []))
    .map((name) => `${path}:${lineOf(tree, name.getStart(tree))} ${name.text}`);
}

/** `declaredIn`: the files that declare what the name stands for; none for `globalThis` and for keywords of types. */
function isImpure(name: Identifier, declaredIn: readonly string[]): boolean {
  if (declaredIn.length === 0) return name.text === 'globalThis';
  const ours = declaredIn.some((file) => !file.includes('/node_modules/'));
  if (ours) return false;
  const language = declaredIn.some((file) => /\/lib\.[^/]*\.d\.ts$/.test(file));
  if (!language) return declaredIn.every((file) => file.includes('/@types/node/'));
  if (name.text === 'Math') return !isHarmlessMath(name);
  return refused.has(name.text);
}

/** `Math.max` is; `Math.random`, `Math['random']`, `const { random } = Math` and `const m = Math` are not. */
const isHarmlessMath = ({ parent }: Identifier): boolean =>
  isPropertyAccessExpression(parent) && isIdentifier(parent.name) && parent.name.text !== 'random';
