import { checkRedactionRules, RedactionRulesError } from '@dormouse/expression/redaction';
import { LIMITS, type RedactionRules } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { JointPolicy } from './policy.js';

/** @throws {CollectorError} INVALID_REQUEST that says which rule is wrong, and why */
export function checkRedaction(rules: unknown): RedactionRules {
  try {
    return checkRedactionRules(rules);
  } catch (error) {
    throw invalid(error, ({ path, message }) => ({
      message,
      path: path === '' ? 'redaction' : `redaction.${path}`,
    }));
  }
}

/**
 * Processes get the policy of everything and that of their service in one, which must not be too large for them.
 * @param where whose the policies are, in words
 * @throws {CollectorError} LIMIT_EXCEEDED
 */
export function checkTogether({ deny, redaction }: JointPolicy, where: string): void {
  if (deny.length > LIMITS.denyEntries) {
    throw new CollectorError(
      'LIMIT_EXCEEDED',
      `The deny lists of ${where} have ${deny.length} entries together, and a process takes ${LIMITS.denyEntries}.`,
      { path: 'deny' },
    );
  }
  try {
    checkRedactionRules(redaction);
  } catch (error) {
    throw invalid(
      error,
      ({ path, message }) => ({
        message: `The redaction rules of ${where} are too many together (${path}): ${message}`,
        path: 'redaction',
      }),
      'LIMIT_EXCEEDED',
    );
  }
}

function invalid(
  error: unknown,
  explain: (error: RedactionRulesError) => { readonly message: string; readonly path: string },
  code: 'INVALID_REQUEST' | 'LIMIT_EXCEEDED' = 'INVALID_REQUEST',
): unknown {
  if (!(error instanceof RedactionRulesError)) return error;
  const { message, path } = explain(error);
  return new CollectorError(code, message, { path });
}
