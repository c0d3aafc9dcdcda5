/**
 * The sources as the compiler sees them: syntax trees and symbols, so that the layer tests judge imports and names and
 * not text that looks like them. Canaries are files that exist in the compiler's eyes only, laid over the real tree.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { API, type Checker } from 'typescript/unstable/sync';
import type { SourceFile } from 'typescript/unstable/ast';

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** A source file of the repository, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly tree: SourceFile;
}

export interface Program extends Disposable {
  readonly sources: readonly Source[];
  readonly checker: Checker;
  /** `file: message` for each error that the compiler finds in the file. */
  errorsIn(path: string): readonly string[];
}

/** Every file that `npm run typecheck` compiles. */
export const openSources = (): Program => open('tsconfig.json', {});

export interface Canary {
  readonly path: string;
  readonly text: string;
}

/**
 * Only these texts, compiled with the settings of the repository; they come back in the same order. Each lies in a
 * folder of its own, so that several may claim the same path and one compiler is enough for all.
 */
export const openCanaries = (canaries: readonly Canary[]): Program => {
  const laid = canaries.map(({ path, text }, index) => ({ path, text, at: `canary-${index}/${path}` }));
  const program = openOver(laid.map(({ at, text }) => ({ path: at, text })));
  const byPlace = new Map(program.sources.map((source) => [source.path, source]));
  const sources = laid.map(({ path, at }) => ({ path, tree: treeOf(byPlace.get(at)?.tree, at) }));
  return { ...program, sources };
};

/** These texts at their very paths, over the real tree: what they import is there. Only they are listed. */
export const openOver = (texts: readonly Canary[]): Program => {
  const paths = texts.map(({ path }) => path);
  const config = JSON.stringify({ extends: './tsconfig.json', include: [], files: paths });
  const overlay = Object.fromEntries(texts.map(({ path, text }) => [path, text]));
  const program = open('tsconfig.canaries.json', { ...overlay, 'tsconfig.canaries.json': config });
  return { ...program, sources: program.sources.filter(({ path }) => paths.includes(path)) };
};

function open(config: string, overlay: { readonly [path: string]: string }): Program {
  const texts = new Map(Object.entries(overlay).map(([path, text]) => [root + path, text]));
  const folders = new Set([...texts.keys()].flatMap(foldersOf));
  const api = new API({
    cwd: root,
    fs: {
      readFile: (file) => texts.get(file),
      fileExists: (file) => texts.has(file) || undefined,
      directoryExists: (folder) => folders.has(folder) || undefined,
    },
  });
  const project = api.updateSnapshot({ openProject: root + config }).getProject(root + config);
  if (project === undefined) throw new Error(`The compiler did not open ${config}`);
  const { program, checker } = project;
  const sources = program
    .getSourceFileNames()
    .filter((name) => name.startsWith(root) && !/\/(node_modules|dist)\//.test(name))
    .map((name) => ({ path: name.slice(root.length), tree: treeOf(program.getSourceFile(name), name) }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const errorsIn = (path: string): readonly string[] =>
    [...program.getSyntacticDiagnostics(root + path), ...program.getSemanticDiagnostics(root + path)].map(
      ({ text }) => `${path}: ${text}`,
    );
  return { sources, checker, errorsIn, [Symbol.dispose]: () => api.close() };
}

function treeOf(tree: SourceFile | undefined, name: string): SourceFile {
  if (tree === undefined) throw new Error(`The compiler listed ${name} and did not hand it out`);
  return tree;
}

const foldersOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/')).filter((folder) => !existsSync(folder));
};

/** The line of a position, counted from 1. */
export const lineOf = (tree: SourceFile, position: number): number =>
  tree.getLineAndCharacterOfPosition(position).line + 1;

/** May do what production code may not: a test, its testing folder, and what is never shipped. */
export const isTest = (path: string): boolean =>
  path.endsWith('.test.ts') ||
  path.includes('/testing/') ||
  /^(tests|bench|knossos-ts\/(tests|bench|fuzz))\//.test(path);
