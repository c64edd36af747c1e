import type { RedactionRules } from '@dormouse/protocol';
import { checkRedactionRules, compileRedaction, useRedaction } from '@dormouse/expression/redaction';

let applied = '';

/**
 * Puts rules that came from the collector in force for every hit from now on, of armed probes too.
 * @param rules anything; what is missing is as in `DEFAULT_REDACTION_RULES`
 * @returns whether they differ from those that were in force: then expressions of armed probes are to be looked at again
 * @throws RedactionRulesError, and leaves the rules in force as they were
 */
export function applyRedactionRules(rules: unknown): boolean {
  const checked: RedactionRules = checkRedactionRules(rules);
  const text = JSON.stringify(checked);
  if (text === applied) return false;
  useRedaction(compileRedaction(checked));
  applied = text;
  return true;
}
