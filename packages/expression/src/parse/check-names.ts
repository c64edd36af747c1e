import type { CompiledExpression } from '@dormouse/protocol';
import { SPECIALS } from '../language/builtins.js';
import { redactedReads } from '../redaction/reads.js';
import { BUILT_IN, type Redaction } from '../redaction/rules.js';
import { ExpressionError } from './expression-error.js';
import { nearest } from './nearest.js';
import { readExpressionAt } from './parse-expression.js';
import type { Reference } from './reader.js';

/**
 * Checks what an expression reads against what a point offers.
 * @param inScope the variables at the point, `this` and the specials included where it has them
 * @param redaction the rules that hold for the service
 * @throws ExpressionError `UNKNOWN_VARIABLE` with the nearest names, or `REDACTED_NAME`
 */
export function checkNames(
  { source }: CompiledExpression,
  inScope: Iterable<string>,
  redaction: Redaction = BUILT_IN,
): void {
  const { compiled, variables, keys } = readExpressionAt(source, 0);
  const hidden = redactedReads(compiled.tree, redaction);
  const scope = new Set(inScope);
  for (const reference of variables) checkVariable(source, reference, scope);
  for (const reference of [...variables, ...keys]) checkRedacted(source, reference, hidden);
}

function checkVariable(source: string, { name, offset }: Reference, scope: ReadonlySet<string>): void {
  if (scope.has(name)) return;
  const suggestions = nearest(name, scope);
  throw new ExpressionError(
    'UNKNOWN_VARIABLE',
    unknownMessage(name, scope, suggestions),
    source,
    offset,
    suggestions,
  );
}

/** Names shown where none is near. */
const SHOWN = 10;

function unknownMessage(name: string, scope: ReadonlySet<string>, suggestions: readonly string[]): string {
  if (SPECIALS.has(name)) return `\`${name}\` has no value at this point.`;
  const quoted = (names: readonly string[]): string => names.map((each) => `\`${each}\``).join(', ');
  if (suggestions.length > 0)
    return `No variable \`${name}\` at this point. Did you mean ${quoted(suggestions)}?`;
  if (scope.size === 0) return `No variable \`${name}\` at this point; it has none at all.`;
  const more = scope.size > SHOWN ? ` and ${scope.size - SHOWN} more` : '';
  return `No variable \`${name}\` at this point; it has ${quoted([...scope].slice(0, SHOWN))}${more}.`;
}

function checkRedacted(source: string, { name, offset }: Reference, hidden: ReadonlySet<string>): void {
  if (!hidden.has(name)) return;
  throw new ExpressionError(
    'REDACTED_NAME',
    `\`${name}\` is a name that redaction protects: what an expression reads of it would tell the secret.`,
    source,
    offset,
  );
}
