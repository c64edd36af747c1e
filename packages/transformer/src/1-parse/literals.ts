import { ts } from './typescript.js';

export type LiteralKind = 'string' | 'template' | 'regexp' | 'jsx';

/** A stretch of text in which `//`, quotes and line breaks do not mean what they mean elsewhere. */
export interface Literal {
  readonly kind: LiteralKind;
  readonly start: number;
  readonly end: number;
}

/** All literals of a file in text order; between them the text can be read without a parser. */
export function literalsOf(file: ts.SourceFile): readonly Literal[] {
  const literals: Literal[] = [];
  const visit = (node: ts.Node): void => {
    const kind = literalKind(node);
    if (kind === undefined) ts.forEachChild(node, visit);
    else literals.push({ kind, start: ts.isJsxText(node) ? node.pos : node.getStart(file), end: node.end });
  };
  visit(file);
  return literals.sort((a, b) => a.start - b.start);
}

function literalKind(node: ts.Node): LiteralKind | undefined {
  switch (node.kind) {
    case ts.SyntaxKind.StringLiteral:
      return ts.isJsxAttribute(node.parent) ? 'jsx' : 'string';
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.TemplateHead:
    case ts.SyntaxKind.TemplateMiddle:
    case ts.SyntaxKind.TemplateTail:
      return 'template';
    case ts.SyntaxKind.RegularExpressionLiteral:
      return 'regexp';
    case ts.SyntaxKind.JsxText:
      return 'jsx';
    default:
      return undefined;
  }
}
