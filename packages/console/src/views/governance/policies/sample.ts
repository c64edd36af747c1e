import { INCLUDE_LIST_RULE, type CapturedValue, type RedactionRules } from '@dormouse/protocol';
import { compileRedaction, useRedaction, type Redaction } from '@dormouse/expression/redaction';
import { numberRule, redactText, wholeSecret } from '@dormouse/expression/secrets';

/** What a process would show of a text, or of a value. */
export type Shown =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: Extract<CapturedValue, { type: 'object' | 'array' }> };

/**
 * Shows what was typed as a process would: by the same finders, which run here, so that nothing that is tried out leaves the
 * browser.
 * @param typed JSON, or else a text as it stands
 * @param rules as `checkRedactionRules` has passed them
 */
export function showSample(typed: string, rules: RedactionRules): Shown {
  const redaction = compileRedaction(rules);
  useRedaction(redaction);
  const value = parsed(typed);
  if (typeof value === 'object' && value !== null) {
    return {
      kind: 'value',
      value: captured(value, false, redaction) as Extract<CapturedValue, { type: 'object' | 'array' }>,
    };
  }
  return { kind: 'text', text: redactText(typed) };
}

function parsed(typed: string): unknown {
  try {
    return JSON.parse(typed) as unknown;
  } catch {
    return typed;
  }
}

/** @param isListed whether the value has a name on the include list; an element has the name of its list */
function captured(value: unknown, isListed: boolean, redaction: Redaction): CapturedValue {
  if (Array.isArray(value)) {
    const items = value.map((item) => captured(item, isListed, redaction));
    return { type: 'array', class: 'Array', length: items.length, items };
  }
  if (typeof value === 'object' && value !== null) {
    const properties = Object.entries(value).map(([key, inner]) => ({
      key: redactText(key),
      value: named(key, inner, redaction),
    }));
    return { type: 'object', class: 'Object', properties };
  }
  const shown = primitive(value);
  const isHidden = redaction.hasIncludeList && !isListed && shown.type !== 'redacted';
  return isHidden ? { type: 'redacted', rule: INCLUDE_LIST_RULE } : shown;
}

function named(name: string, value: unknown, redaction: Redaction): CapturedValue {
  if (redaction.isRedacted(name)) return { type: 'redacted', rule: 'name' };
  return captured(value, redaction.isShown(name), redaction);
}

function primitive(value: unknown): CapturedValue {
  if (typeof value === 'string') {
    const rule = wholeSecret(value);
    return rule === undefined ? { type: 'string', value: redactText(value) } : { type: 'redacted', rule };
  }
  if (typeof value === 'number') {
    const rule = numberRule(value);
    return rule === undefined ? { type: 'number', value } : { type: 'redacted', rule };
  }
  return typeof value === 'boolean' ? { type: 'boolean', value } : { type: 'null' };
}
