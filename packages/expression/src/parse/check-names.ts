import type { CompiledExpression } from '@dormouse/protocol';
import { SPECIALS } from '../language/builtins.js';
import { redactedReads } from '../redaction/reads.js';
import { BUILT_IN, type Redaction } from '../redaction/rules.js';
import { ExpressionError } from './expression-error.js';
import { nearest } from './nearest.js';
import { readExpressionAt } from './parse-expression.js';
import type { Reference } from './reader.js';

/** What an expression may not read. */
export interface NameRules {
  /** The rules that hold for the service. Default: the built-in ones. */
  readonly redaction?: Redaction;
  /** The variables that `@secret` comments mark in the file: `secrets` of the manifest. Default: none. */
  readonly secrets?: Iterable<string>;
  /** The properties that they mark in the build: `secretProperties` of its files. Default: none. */
  readonly secretProperties?: Iterable<string>;
}

/**
 * Checks what an expression reads against what a point offers.
 * @param inScope the variables at the point, `this` and the specials included where it has them
 * @throws ExpressionError `UNKNOWN_VARIABLE` with the nearest names, or `REDACTED_NAME`
 */
export function checkNames(
  { source }: CompiledExpression,
  inScope: Iterable<string>,
  { redaction = BUILT_IN, secrets = [], secretProperties = [] }: NameRules = {},
): void {
  const { compiled, variables, keys } = readExpressionAt(source, 0);
  const hidden = redactedReads(compiled.tree, redaction);
  const scope = new Set(inScope);
  const outOfScope = variables.filter(({ name }) => !scope.has(name));
  checkMarked(source, outOfScope, secrets);
  checkMarked(source, keys, secretProperties);
  for (const reference of outOfScope) refuseUnknown(source, reference, scope);
  for (const reference of [...variables, ...keys]) checkRedacted(source, reference, hidden);
}

function refuseUnknown(source: string, { name, offset }: Reference, scope: ReadonlySet<string>): never {
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
  if (SPECIALS.has(name)) return `\`${name}\` has no value at this point: it is ${SPECIALS.get(name)}.`;
  const quoted = (names: readonly string[]): string => names.map((each) => `\`${each}\``).join(', ');
  if (suggestions.length > 0)
    return `No variable \`${name}\` at this point. Did you mean ${quoted(suggestions)}?`;
  if (scope.size === 0) return `No variable \`${name}\` at this point; it has none at all.`;
  const more = scope.size > SHOWN ? ` and ${scope.size - SHOWN} more` : '';
  return `No variable \`${name}\` at this point; it has ${quoted([...scope].slice(0, SHOWN))}${more}.`;
}

function checkMarked(source: string, references: readonly Reference[], marked: Iterable<string>): void {
  const names = new Set(marked);
  const found = references.find(({ name }) => names.has(name));
  if (found === undefined) return;
  throw new ExpressionError(
    'REDACTED_NAME',
    `\`${found.name}\` is marked \`@secret\` in the source: no probe of this build can read it.`,
    source,
    found.offset,
  );
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
