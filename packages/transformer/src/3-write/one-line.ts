import { ts } from '../1-parse/typescript.js';
import { type Lexeme, lexemes } from '../1-parse/lexemes.js';
import type { Literal } from '../1-parse/literals.js';
import { type Insertion, type Piece, after } from './insertion.js';

const LINE_BREAK = /[\n\r\u2028\u2029]/;

/**
 * Copies the text between `from` and `to`, insertions included, onto one line that means the same.
 * Line breaks and comments become spaces or nothing, statements must have been given explicit ends
 * ({@link statementEnds}), and line breaks inside literals are escaped. Comments on one line stay:
 * bundlers read some of them.
 * @param insertions in text order
 */
export function onOneLine(
  code: string,
  literals: readonly Literal[],
  from: number,
  to: number,
  insertions: readonly Insertion[],
): readonly Piece[] {
  const line = new Line();
  const pending = [...insertions];
  const insertUpTo = (offset: number): void => {
    while (pending[0] !== undefined && pending[0].at <= offset) {
      for (const piece of (pending.shift() as Insertion).pieces) line.add(piece.text, piece.origin);
    }
  };
  for (const lexeme of lexemes(code, literals, from, to)) {
    insertUpTo(lexeme.start);
    const text = rewrite(lexeme, code.slice(lexeme.start, lexeme.end));
    if (text === undefined) line.separate();
    else line.add(text, lexeme.start);
  }
  insertUpTo(to);
  return line.pieces;
}

/** Pieces with a space between them wherever two would otherwise run together. */
class Line {
  readonly pieces: Piece[] = [];
  #last = '';
  #separate = false;

  separate(): void {
    this.#separate = true;
  }

  add(text: string, origin: number | undefined): void {
    const glue = this.#separate && !standsAlone(this.#last) && !standsAlone(text.charAt(0));
    this.pieces.push({ text: glue ? ` ${text}` : text, origin });
    this.#last = text.charAt(text.length - 1);
    this.#separate = false;
  }
}

/** Whether a character cannot become part of a neighbour. */
function standsAlone(char: string): boolean {
  return '(){}[];,'.includes(char);
}

/** The text of a lexeme on one line; undefined for what separates only. */
function rewrite({ kind }: Lexeme, text: string): string | undefined {
  switch (kind) {
    case 'space':
      return undefined;
    case 'comment':
      return text.startsWith('/*') && !LINE_BREAK.test(text) ? text : undefined;
    case 'string':
      return LINE_BREAK.test(text) ? noDirective(escapeLineBreaks(text, escapedInString)) : text;
    case 'template':
      return LINE_BREAK.test(text) ? escapeLineBreaks(text, escapedInTemplate) : text;
    default:
      return text;
  }
}

/**
 * Removes line continuations and rewrites the line breaks that are part of the value. A digit after a
 * continuation is escaped: after `\\0` it would become part of an octal escape.
 */
function escapeLineBreaks(text: string, escaped: (lineBreak: string) => string): string {
  return text.replace(
    /\\(\r\n|[^])([0-9]?)|\r\n|[\n\r\u2028\u2029]/g,
    (match, continued: string | undefined, digit: string) => {
      if (continued === undefined) return escaped(match);
      if (!LINE_BREAK.test(continued)) return match;
      return digit === '' ? '' : `\\x3${digit}`;
    },
  );
}

/** What was broken by a line continuation was no directive, and must not become one. */
function noDirective(text: string): string {
  return text.replace(/^(['"])u(?=se (strict|asm)\1$)/, '$1\\x75');
}

/** Only U+2028 and U+2029 may stand in a string; engines count them as line breaks. */
function escapedInString(lineBreak: string): string {
  return lineBreak === '\u2028' ? '\\u2028' : '\\u2029';
}

/** A template's value has LF for every CR and CRLF. */
function escapedInTemplate(lineBreak: string): string {
  return lineBreak === '\u2028' || lineBreak === '\u2029' ? escapedInString(lineBreak) : '\\n';
}

/** Semicolons where a line break, a brace or the end of the text ended a statement or type member. */
export function statementEnds(node: ts.Node, file: ts.SourceFile): readonly Insertion[] {
  const ends: Insertion[] = [];
  const visit = (child: ts.Node): void => {
    ts.forEachChild(child, visit);
    if (!needsSemicolon(child, file.text)) return;
    ends.push(after(child.getStart(file), child.end, ';'));
  };
  visit(node);
  return ends;
}

function needsSemicolon(node: ts.Node, code: string): boolean {
  const last = code[node.end - 1];
  if (ts.isTypeElement(node) && isInType(node)) return last !== ';' && last !== ',';
  return endsInSemicolon(node) && last !== ';';
}

/** Accessors look the same in types and in object literals. */
function isInType({ parent }: ts.Node): boolean {
  return ts.isInterfaceDeclaration(parent) || ts.isTypeLiteralNode(parent);
}

function endsInSemicolon(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.VariableStatement:
    case ts.SyntaxKind.ExpressionStatement:
    case ts.SyntaxKind.ReturnStatement:
    case ts.SyntaxKind.ThrowStatement:
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
    case ts.SyntaxKind.DebuggerStatement:
    case ts.SyntaxKind.DoStatement:
    case ts.SyntaxKind.TypeAliasDeclaration:
      return true;
    default:
      return false;
  }
}
