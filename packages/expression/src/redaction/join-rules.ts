import type { RedactionRules } from '@dormouse/protocol';
import { isNamedBy } from './secret-name.js';
import { normalised } from './words.js';

/** Rules that hide what either of two hides: neither can allow what the other names, or show what the other does not list. */
export function joinRedactionRules(one: RedactionRules, other: RedactionRules): RedactionRules {
  return {
    names: [...new Set([...one.names, ...other.names])],
    allowNames: [...new Set([...allowed(one, other), ...allowed(other, one)])],
    patterns: [...one.patterns, ...other.patterns],
    mode: one.mode === 'include' ? one.mode : other.mode,
    includeNames: included(one, other),
  };
}

const setOf = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(normalised));

function allowed({ allowNames }: RedactionRules, { names }: RedactionRules): string[] {
  const hidden = setOf(names);
  return allowNames.filter((name) => !isNamedBy(name, hidden));
}

function included(one: RedactionRules, other: RedactionRules): readonly string[] {
  if (one.mode !== 'include') return other.includeNames;
  if (other.mode !== 'include') return one.includeNames;
  const listed = setOf(other.includeNames);
  return one.includeNames.filter((name) => listed.has(normalised(name)));
}
