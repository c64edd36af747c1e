import { DEFAULT_REDACTION_RULES, REDACTED_NAME_MAX_LENGTH, type RedactionRules } from '@dormouse/protocol';
import { getterOf, slice, uncurry } from '../inspect/language.js';
import { compilePattern, type Pattern } from '../pattern/pattern.js';
import { isSecretName, type NameChanges } from './secret-name.js';
import { normalised } from './words.js';

/** Redaction rules, ready to be applied. */
export interface Redaction {
  /** Whether a variable, property or Map key of this name is never shown. */
  isRedacted(name: string): boolean;
  /** Whether a value of this name is shown; anything but a redacted name is, unless there is an include list. */
  isShown(name: string): boolean;
  /** Whether only the names on a list show their values. */
  readonly hasIncludeList: boolean;
  /** What is looked for in texts besides the built-in patterns. */
  readonly patterns: readonly NamedPattern[];
}

export interface NamedPattern {
  readonly name: string;
  readonly pattern: Pattern;
}

/**
 * @param rules as {@link checkRedactionRules} has passed them
 * @param marked names that are redacted whatever the rules allow: what `@secret` comments mark
 * @throws PatternError for a pattern that is not one
 */
export function compileRedaction(rules: RedactionRules, marked: readonly string[] = []): Redaction {
  const changes: NameChanges = { added: setOf(rules.names), allowed: setOf(rules.allowNames) };
  const markedNames = setOf(marked);
  const isRedacted = remembering((name) => has(markedNames, normalised(name)) || isSecretName(name, changes));
  const hasIncludeList = rules.mode === 'include';
  const included = setOf(rules.includeNames);
  const isIncluded = remembering((name) => has(included, normalised(name)));
  return {
    isRedacted,
    isShown: hasIncludeList ? (name) => isIncluded(name) && !isRedacted(name) : (name) => !isRedacted(name),
    hasIncludeList,
    patterns: rules.patterns.map(({ name, pattern, flags = '' }) => ({
      name,
      pattern: compilePattern(pattern, flags),
    })),
  };
}

const setOf = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(normalised));

const has = uncurry(Set.prototype.has) as (set: ReadonlySet<string>, name: string) => boolean;
const recall = uncurry(Map.prototype.get) as (answers: Answers, name: string) => boolean | undefined;
const remember = uncurry(Map.prototype.set) as (answers: Answers, name: string, answer: boolean) => void;
const forgetAll = uncurry(Map.prototype.clear) as (answers: Answers) => void;
const sizeOf = uncurry(getterOf(Map.prototype, 'size')) as (answers: Answers) => number;

type Answers = Map<string, boolean>;

/** A part of a longer text would keep all of it in memory. */
const copyOf = (name: string): string => slice(` ${name}`, 1);

/** Programs have few names and use them again and again: the answers for this many last met are kept. */
const REMEMBERED = 2_000;

function remembering(answer: (name: string) => boolean): (name: string) => boolean {
  const answers: Answers = new Map();
  return (name) => {
    if (name.length > REDACTED_NAME_MAX_LENGTH) return false;
    const known = recall(answers, name);
    if (known !== undefined) return known;
    if (sizeOf(answers) >= REMEMBERED) forgetAll(answers);
    const fresh = answer(name);
    remember(answers, copyOf(name), fresh);
    return fresh;
  };
}

/** The rules that hold where no others were given. */
export const BUILT_IN: Redaction = compileRedaction(DEFAULT_REDACTION_RULES);

let current = BUILT_IN;

/** The rules of this process: of every hit from now on, of probes that are armed already too. */
export const redaction = (): Redaction => current;

/** Whether a name is one that the rules of this process never show. */
export const isRedactedName = (name: string): boolean => current.isRedacted(name);

/** Changes the rules of this process at once. */
export function useRedaction(rules: Redaction): void {
  current = rules;
}
