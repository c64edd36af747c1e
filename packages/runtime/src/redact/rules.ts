import { DEFAULT_REDACTION_RULES, type RedactionRules } from '@dormouse/protocol';
import { checkRedactionRules, compileRedaction, useRedaction } from '@dormouse/expression/redaction';

/** What the collector wants. */
let wanted: RedactionRules = DEFAULT_REDACTION_RULES;
/** Properties that `@secret` comments mark in the build that runs: no collector can allow them. */
const marked = new Set<string>();
let inForce = textOf(wanted);

/**
 * Puts rules that came from the collector in force for every hit from now on, of armed probes too.
 * @param rules anything; what is missing is as in `DEFAULT_REDACTION_RULES`
 * @returns whether they differ from those that were in force: then expressions of armed probes are to be looked at again
 * @throws RedactionRulesError, and leaves the rules in force as they were
 */
export function applyRedactionRules(rules: unknown): boolean {
  wanted = checkRedactionRules(rules);
  return putInForce();
}

/**
 * Redacts names for as long as the process lives, whatever the collector wants.
 * @param names those under `secretProperties` in a manifest
 * @returns as {@link applyRedactionRules}
 */
export function protectNames(names: Iterable<string>): boolean {
  for (const name of names) marked.add(name);
  return putInForce();
}

function putInForce(): boolean {
  const text = textOf(wanted);
  if (text === inForce) return false;
  useRedaction(compileRedaction(wanted, [...marked]));
  inForce = text;
  return true;
}

function textOf(rules: RedactionRules): string {
  return JSON.stringify([rules, ...marked]);
}
