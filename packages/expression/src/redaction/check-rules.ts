import {
  DEFAULT_REDACTION_RULES,
  REDACTED_NAME_MAX_LENGTH,
  REDACTION_LIMITS,
  type RedactionPattern,
  type RedactionRules,
} from '@dormouse/protocol';
import { compilePattern, PatternError } from '../pattern/pattern.js';

/** What is wrong with redaction rules, and where: `patterns[2].pattern`. */
export class RedactionRulesError extends Error {
  override readonly name = 'RedactionRulesError';
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * Checks what came from outside as redaction rules: shape, limits, and that its patterns are patterns.
 * @param value what is missing in it is as in {@link DEFAULT_REDACTION_RULES}
 * @returns a copy of what was checked
 * @throws RedactionRulesError
 */
export function checkRedactionRules(value: unknown): RedactionRules {
  const rules = record(value, '');
  const unknown = Object.keys(rules).find((key) => !Object.hasOwn(DEFAULT_REDACTION_RULES, key));
  if (unknown !== undefined) fail(unknown, `Redaction rules have no field \`${unknown}\`.`);
  return {
    names: names(rules['names'], 'names'),
    allowNames: names(rules['allowNames'], 'allowNames'),
    patterns: patterns(rules['patterns']),
    mode: mode(rules['mode']),
    includeNames: names(rules['includeNames'], 'includeNames'),
  };
}

function names(value: unknown, path: string): string[] {
  return list(value, path, REDACTION_LIMITS.names).map((name, index) =>
    text(name, `${path}[${index}]`, REDACTED_NAME_MAX_LENGTH),
  );
}

function patterns(value: unknown): RedactionPattern[] {
  return list(value, 'patterns', REDACTION_LIMITS.patterns).map((each, index) =>
    pattern(each, `patterns[${index}]`),
  );
}

function pattern(value: unknown, path: string): RedactionPattern {
  const { name, pattern: source, flags = '' } = record(value, path);
  const checked = {
    name: patternName(name, `${path}.name`),
    pattern: text(source, `${path}.pattern`, REDACTION_LIMITS.patternLength),
    flags: flags === '' ? '' : text(flags, `${path}.flags`, 3),
  };
  if (checked.flags.includes('g'))
    fail(`${path}.flags`, 'All matches are redacted; the flag `g` is not needed.');
  try {
    compilePattern(checked.pattern, checked.flags);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    fail(`${path}.pattern`, error.message);
  }
  return checked;
}

function patternName(value: unknown, path: string): string {
  const name = text(value, path, REDACTION_LIMITS.patternNameLength);
  return /^[\w-]+$/.test(name) ? name : fail(path, 'A pattern is named with letters, digits, `-` and `_`.');
}

function mode(value: unknown): RedactionRules['mode'] {
  if (value === undefined) return DEFAULT_REDACTION_RULES.mode;
  return value === 'exclude' || value === 'include'
    ? value
    : fail('mode', 'The mode is `exclude` or `include`.');
}

function list(value: unknown, path: string, most: number): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return fail(path, 'Here stands a list.');
  if (value.length > most) fail(path, `At most ${most}; these are ${value.length}.`);
  return value;
}

function text(value: unknown, path: string, most: number): string {
  if (typeof value !== 'string' || value === '') return fail(path, 'Here stands a text that is not empty.');
  return value.length <= most ? value : fail(path, `At most ${most} characters; these are ${value.length}.`);
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail(path, 'Here stands an object.');
  return value as Record<string, unknown>;
}

function fail(path: string, message: string): never {
  throw new RedactionRulesError(path, message);
}
