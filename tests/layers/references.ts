/** Every way in which one file can reach another: imports of values and types, re-exports, `import()`, `require`, URLs. */
import {
  isCallExpression,
  isConditionalExpression,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportEqualsDeclaration,
  isImportTypeNode,
  isMetaProperty,
  isNamedImports,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
  isLiteralTypeNode,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Expression, ImportDeclaration, Node } from 'typescript/unstable/ast';
import { lineOf, type Source } from './program.ts';

export interface Reference {
  readonly from: string;
  readonly line: number;
  readonly kind: 'import' | 'type' | 're-export' | 'dynamic' | 'require' | 'url' | 'meta';
  /** As written; null where it is not a literal. Of a choice between two literals each is a reference. */
  readonly specifier: string | null;
}

export function referencesOf({ path, tree }: Source): readonly Reference[] {
  const found: Reference[] = [];
  const visit = (node: Node): void => {
    const reference = referenceOf(node);
    const line = lineOf(tree, node.getStart(tree));
    if (reference !== null)
      for (const specifier of reference.specifiers) found.push({ from: path, line, kind: reference.kind, specifier });
    // The URL is the one sanctioned use of import.meta; any other would be a file name that nobody can follow.
    if (reference?.kind !== 'url') node.forEachChild(visit);
  };
  tree.forEachChild(visit);
  return found;
}

interface Found {
  readonly kind: Reference['kind'];
  readonly specifiers: readonly (string | null)[];
}

function referenceOf(node: Node): Found | null {
  if (isImportDeclaration(node))
    return { kind: onlyTypes(node) ? 'type' : 'import', specifiers: literals(node.moduleSpecifier) };
  if (isExportDeclaration(node))
    return node.moduleSpecifier === undefined
      ? null
      : { kind: 're-export', specifiers: literals(node.moduleSpecifier) };
  if (isImportTypeNode(node))
    return { kind: 'type', specifiers: isLiteralTypeNode(node.argument) ? literals(node.argument.literal) : [null] };
  if (isImportEqualsDeclaration(node)) return { kind: 'require', specifiers: requiredBy(node.moduleReference) };
  if (isCallExpression(node)) return called(node.expression, node.arguments[0]);
  if (isNewExpression(node) && isUrlBesideThisFile(node.expression, node.arguments?.[1]))
    return { kind: 'url', specifiers: literals(node.arguments?.[0]) };
  if (isMetaProperty(node) && node.keywordToken === SyntaxKind.ImportKeyword)
    return { kind: 'meta', specifiers: [null] };
  return null;
}

function called(callee: Expression, argument: Expression | undefined): Found | null {
  if (callee.kind === SyntaxKind.ImportKeyword) return { kind: 'dynamic', specifiers: literals(argument) };
  const name = callee.getText();
  return /^require(\.resolve)?$/.test(name) ? { kind: 'require', specifiers: literals(argument) } : null;
}

const isUrlBesideThisFile = (callee: Expression, base: Expression | undefined): boolean =>
  isIdentifier(callee) && callee.text === 'URL' && base?.getText() === 'import.meta.url';

const requiredBy = (reference: Node): readonly (string | null)[] =>
  (reference.kind === SyntaxKind.ExternalModuleReference ? reference.forEachChild(literals) : undefined) ?? [null];

const onlyTypes = ({ importClause }: ImportDeclaration): boolean => {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === SyntaxKind.TypeKeyword) return true;
  const bindings = importClause.namedBindings;
  return (
    importClause.name === undefined &&
    bindings !== undefined &&
    isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
};

function literals(node: Node | undefined): readonly (string | null)[] {
  if (node !== undefined && isConditionalExpression(node))
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return [node !== undefined && (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) ? node.text : null];
}
