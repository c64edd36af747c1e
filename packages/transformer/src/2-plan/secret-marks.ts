import { ts } from '../1-parse/typescript.js';
import type { Literal } from '../1-parse/literals.js';
import { type Comment, comments } from './comments.js';

/** A name that a `@secret` comment marks, and where it is declared. */
export interface SecretMark {
  readonly name: string;
  readonly offset: number;
  readonly kind: SecretKind;
}

export type SecretKind = 'variable' | 'property';

/** What text has to hold for a look at its comments to be worth while. */
export const SECRET = '@secret';

/**
 * The variables, parameters and properties that `@secret` comments mark: those of the declaration behind a comment, or,
 * where a comment ends its line, of the declarations before it that end on the same line.
 *
 *     /** @secret *\/ const token = read();
 *     function open(user, /* @secret *\/ password) {}
 *     let pin = ask(); // @secret
 */
export function secretMarks(file: ts.SourceFile, literals: readonly Literal[]): readonly SecretMark[] {
  if (!file.text.includes(SECRET)) return [];
  const found = comments(file, literals).filter(({ text }) => /@secret\b/.test(text));
  const declarations = declarationsOf(file);
  return found.flatMap((comment) => {
    const before = endsItsLine(comment, file) ? declarations.filter(endingBefore(comment, file)) : [];
    const marked =
      before.length > 0 ? before : declarations.filter((node) => node.getStart(file) === comment.next);
    return marked.flatMap((node) => marksOf(node, file));
  });
}

function endsItsLine({ end, next }: Comment, file: ts.SourceFile): boolean {
  return /[\n\r\u2028\u2029]/.test(file.text.slice(end, next)) || next === file.text.length;
}

function endingBefore({ start }: Comment, file: ts.SourceFile): (node: ts.Node) => boolean {
  const lineOf = (offset: number): number => file.getLineAndCharacterOfPosition(offset).line;
  return ({ end }) => end <= start && lineOf(end) === lineOf(start);
}

function declarationsOf(file: ts.SourceFile): readonly ts.Node[] {
  const declarations: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isDeclaration(node)) declarations.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return declarations;
}

type PropertyLike =
  | ts.PropertyDeclaration
  | ts.PropertySignature
  | ts.PropertyAssignment
  | ts.ShorthandPropertyAssignment;

const isPropertyLike = (node: ts.Node): node is PropertyLike =>
  ts.isPropertyDeclaration(node) ||
  ts.isPropertySignature(node) ||
  ts.isPropertyAssignment(node) ||
  ts.isShorthandPropertyAssignment(node);

const isDeclaration = (node: ts.Node): boolean =>
  ts.isVariableStatement(node) ||
  ts.isVariableDeclarationList(node) ||
  ts.isVariableDeclaration(node) ||
  ts.isParameter(node) ||
  ts.isBindingElement(node) ||
  isPropertyLike(node);

type Name = ts.Identifier | ts.StringLiteral | ts.PrivateIdentifier;

function marksOf(node: ts.Node, file: ts.SourceFile): readonly SecretMark[] {
  const marks = (kind: SecretKind, names: readonly Name[]): SecretMark[] =>
    names.map((name) => ({ kind, name: name.text, offset: name.getStart(file) }));
  if (isPropertyLike(node)) return marks('property', propertyNames(node));
  const names = variableNames(node);
  const isBoth = ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent);
  return [...marks('variable', names), ...marks('property', isBoth ? names : [])];
}

const propertyNames = ({ name }: PropertyLike): readonly Name[] =>
  ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isPrivateIdentifier(name) ? [name] : [];

function variableNames(node: ts.Node): readonly Name[] {
  if (ts.isVariableStatement(node)) return variableNames(node.declarationList);
  if (ts.isVariableDeclarationList(node)) return node.declarations.flatMap(variableNames);
  return boundNames((node as ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement).name);
}

function boundNames(name: ts.BindingName): readonly Name[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
