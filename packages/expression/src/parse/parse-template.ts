import { type CompiledExpression, LIMITS } from '@dormouse/protocol';
import { ExpressionError } from './expression-error.js';
import { checkLength, readExpressionAt } from './parse-expression.js';

/**
 * Takes a log's text apart: `order {order.id} costs {total}`. `{{` and `}}` stand for braces.
 * @returns text and expressions in turn, without empty texts
 * @throws ExpressionError whose offset counts in the whole template
 */
export function parseTemplate(text: string): (string | CompiledExpression)[] {
  checkLength(text, LIMITS.templateLength, 'A log template');
  const parts: (string | CompiledExpression)[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const brace = text[at]!;
    if ((brace !== '{' && brace !== '}') || text[at + 1] === brace) {
      literal += brace;
      at += brace === '{' || brace === '}' ? 2 : 1;
    } else if (brace === '}') {
      throw new ExpressionError(
        'SYNTAX_ERROR',
        'A brace that closes nothing; a brace itself is written `}}`.',
        text,
        at,
      );
    } else {
      if (literal !== '') parts.push(literal);
      literal = '';
      const { compiled, end } = readExpressionAt(text, at + 1);
      parts.push(compiled);
      at = closingBrace(text, end) + 1;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

function closingBrace(text: string, end: number): number {
  let at = end;
  while (/\s/.test(text[at] ?? '')) at++;
  if (text[at] === '}') return at;
  throw new ExpressionError(
    'SYNTAX_ERROR',
    'Here the expression should be closed with `}`.',
    text,
    Math.min(at, text.length),
  );
}
