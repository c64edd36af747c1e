import { ts } from '../1-parse/typescript.js';
import type { Literal } from '../1-parse/literals.js';
import { directivesOf } from '../1-parse/directives.js';
import { comments } from './comments.js';
import type { Analysis } from './function-facts.js';
import { functionsBehind } from './functions-behind.js';

/** A stretch of text into which nothing is inserted, and the sentence that says why. */
export interface Untouched {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
  /** Left out on purpose or by recognition, so worth a line in the report; else the language leaves no choice. */
  readonly reported: boolean;
}

/** Methods that send a function's text to another process or page: Puppeteer, Playwright, WebDriver, workerpool. */
const SHIPPING_METHODS = new Set([
  'evaluate',
  'evaluateHandle',
  'evaluateAll',
  'evaluateOnNewDocument',
  '$eval',
  '$$eval',
  'waitForFunction',
  'addInitScript',
  'executeScript',
  'executeAsyncScript',
  'exec',
]);

const IGNORE_FILE = 'dormouse-ignore-file';

/** Finds what must be left alone: `with` bodies, asm.js, shipped functions, and what a comment excludes. */
export function findUntouched(
  file: ts.SourceFile,
  literals: readonly Literal[],
  analysis: Analysis,
): readonly Untouched[] {
  const found = file.text.includes('dormouse-ignore') ? ignoredByComment(file, literals) : [];
  const behind = functionsBehind(analysis);
  const visit = (node: ts.Node): void => {
    if (isExportForScanners(node)) {
      const why = 'Node reads the exports of CommonJS files from this text.';
      found.push({ ...span(node, file), reason: why, reported: false });
    }
    const shipping = shippedByCall(node) ?? shippedAsText(node);
    if (shipping !== undefined) {
      for (const shipped of shipping.shipped.flatMap(behind)) {
        found.push({ ...span(shipped, file), reason: shipping.why, reported: true });
      }
    }
    if (ts.isWithStatement(node)) {
      const why = 'Inside `with`, any name may be a property.';
      found.push({ ...span(node.statement, file), reason: why, reported: false });
    }
    if (isAsm(node)) {
      found.push({ ...span(node, file), reason: 'asm.js is only fast as it was written.', reported: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return merged(found);
}

/** In text order and apart from each other; where two overlap, the first one's reason stands for both. */
function merged(ranges: readonly Untouched[]): readonly Untouched[] {
  const apart: Untouched[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = apart.at(-1);
    if (last === undefined || range.start >= last.end) apart.push(range);
    else if (range.end > last.end) apart[apart.length - 1] = { ...last, end: range.end };
  }
  return apart;
}

/** Whether a comment excludes the whole file. */
export function isFileIgnored(file: ts.SourceFile, literals: readonly Literal[]): boolean {
  if (!file.text.includes(IGNORE_FILE)) return false;
  return comments(file, literals).some((comment) => comment.text.includes(IGNORE_FILE));
}

function span(node: ts.Node, file: ts.SourceFile): { start: number; end: number } {
  return { start: node.getStart(file), end: node.end };
}

function ignoredByComment(file: ts.SourceFile, literals: readonly Literal[]): Untouched[] {
  const ignored: Untouched[] = [];
  const reason = 'A dormouse-ignore comment excludes it.';
  let openedAt: number | undefined;
  for (const { text, start, next } of comments(file, literals)) {
    if (text.includes('dormouse-ignore-start')) openedAt ??= start;
    else if (text.includes('dormouse-ignore-end')) {
      if (openedAt !== undefined) ignored.push({ start: openedAt, end: start, reason, reported: true });
      openedAt = undefined;
    } else if (/dormouse-ignore(?!-)/.test(text)) {
      ignored.push({ start: next, end: endOfNodeAt(file, next), reason, reported: true });
    }
  }
  if (openedAt !== undefined) {
    ignored.push({ start: openedAt, end: file.end, reason, reported: true });
  }
  return ignored;
}

/** The end of the largest node, short of the file itself, that starts at `offset`. */
function endOfNodeAt(file: ts.SourceFile, offset: number): number {
  const search = (node: ts.Node): number | undefined => {
    if (node.end <= offset || node.pos > offset) return undefined;
    if (node.getStart(file) === offset) return node.end;
    return ts.forEachChild(node, search);
  };
  return ts.forEachChild(file, search) ?? offset;
}

function isAsm(node: ts.Node): boolean {
  return (
    ts.isFunctionLike(node) &&
    'body' in node &&
    node.body !== undefined &&
    ts.isBlock(node.body as ts.Node) &&
    directivesOf((node.body as ts.Block).statements).some(
      ({ expression }) => (expression as ts.StringLiteral).text === 'use asm',
    )
  );
}

/**
 * What compilers write for `export … from` in CommonJS, and what Node's scanner looks for, word by word:
 * `Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return a_1.a; } })` and
 * `Object.keys(a_1).forEach(function (key) { … exports[key] = a_1[key]; })`.
 */
function isExportForScanners(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  if (name.text === 'defineProperty') {
    return /^(module\.)?exports$/.test(node.arguments[0]?.getText() ?? '');
  }
  if (name.text !== 'forEach' || !ts.isCallExpression(expression)) return false;
  return (
    expression.expression.getText() === 'Object.keys' &&
    /\bexports\b/.test(node.arguments[0]?.getText() ?? '')
  );
}

/** What may be a function whose source text the program itself reads, or gives away. */
interface Shipping {
  readonly shipped: readonly ts.Node[];
  readonly why: string;
}

function shippedByCall(node: ts.Node): Shipping | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const method = node.expression.name.text;
  if (!SHIPPING_METHODS.has(method)) return undefined;
  const shipped = node.arguments.find((argument) => isFunction(argument) || ts.isIdentifier(argument));
  return shipped && { shipped: [shipped], why: `\`${method}\` may send its text elsewhere.` };
}

/** `f.toString()`, `String(f)`, `` `${f}` ``, `Function.prototype.toString.call(f)`, `'' + f`, `''.concat(f)`. */
function shippedAsText(node: ts.Node): Shipping | undefined {
  const shipped = readAsText(node);
  return shipped && { shipped, why: 'Its text is read by the program.' };
}

function readAsText(node: ts.Node): readonly ts.Node[] | undefined {
  if (ts.isTemplateSpan(node)) return [node.expression];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return [node.left, node.right];
  }
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: values } = node;
  if (ts.isIdentifier(expression)) return expression.text === 'String' ? values.slice(0, 1) : undefined;
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  if (expression.name.text === 'toString') return [expression.expression];
  if (isConcatOfString(expression)) return values;
  const calledThroughPrototype =
    expression.name.text === 'call' && /\btoString$/.test(expression.expression.getText());
  return calledThroughPrototype ? values.slice(0, 1) : undefined;
}

/** `'a'.concat`, `'a'.concat(b).concat`: what compilers make of templates for old engines. */
function isConcatOfString({ name, expression }: ts.PropertyAccessExpression): boolean {
  if (name.text !== 'concat') return false;
  if (!ts.isCallExpression(expression)) return ts.isStringLiteralLike(expression);
  return ts.isPropertyAccessExpression(expression.expression) && isConcatOfString(expression.expression);
}

function isFunction(node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}
